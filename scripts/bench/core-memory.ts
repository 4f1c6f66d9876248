import { ownNames, pass } from './pure-core.ts';

/**
 * A process of its own, as nothing else may be in the heap: prints the megabytes that a zone with so many members takes,
 * and those that a pass over it allocates. Its young generation has to be large enough for nothing to be collected.
 */
const MEGABYTE = 2 ** 20;

const fleet = ownNames(Number(process.argv[2]));
// Once before: what the engine itself makes of the code is not the pass's.
pass(fleet);
global.gc?.();
const held = process.memoryUsage().heapUsed;
pass(fleet);
const allocated = process.memoryUsage().heapUsed - held;
console.log(held / MEGABYTE, allocated / MEGABYTE);
