export { type FunctionKind, World, type WorldOptions } from '../../local/simulation/world.ts';
