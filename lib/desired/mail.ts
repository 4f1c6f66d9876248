import {
  type FirstName,
  firstNameOf,
  type Group,
  isFixed,
  ONE_SET,
  renderWithoutMember,
  type Scene,
  type Share,
  silently,
} from './scene.ts';
import { sharesOf } from './shares.ts';

interface Exchanger extends Omit<Share, 'values'> {
  readonly name: string;
}

/** `<preference> <name>` (RFC 1035 §3.3.9) of the role's first name, or of each that it has now. */
export function mailExchangeOf(scene: Scene): Group[] {
  const { mx } = scene.role;
  if (mx === undefined || mx.zone !== scene.zone.key) return [];
  const first = firstNameOf(scene);
  if (first === undefined) return [];
  const shares = exchangersOf(scene, first).map(({ name, ...behind }): Share => {
    return { ...behind, values: [`${mx.preference} ${name}`] };
  });
  return [{ name: mx.name, type: 'MX', ttlSeconds: first.pattern.ttlSeconds, routing: ONE_SET, shares }];
}

/**
 * ```
 * first name            MX to
 * no placeholder        the name, whoever serves
 * of slots, or members  the names that are filled
 * of slots, and `keep`  the name of every slot, held or not: a host's death changes no record
 * ```
 */
function exchangersOf(scene: Scene, { pattern, compiled }: FirstName): Exchanger[] {
  if (isFixed(compiled)) return rendered(scene, { pattern, compiled }, undefined);
  const filled = sharesOf(silently(scene), pattern).map(
    ({ values: _addresses, type: _type, ...exchanger }) => exchanger,
  );
  if (scene.role.whenEmpty !== 'keep' || compiled.dependsOnMember) return filled;
  return [...filled, ...scene.slots.flatMap((slot) => rendered(scene, { pattern, compiled }, slot))];
}

function rendered(
  scene: Scene,
  { pattern, compiled }: FirstName,
  slot: Scene['slots'][number] | undefined,
): Exchanger[] {
  const name = renderWithoutMember(scene, compiled, slot);
  if (name.kind === 'name')
    return [{ name: name.name, contributor: slot === undefined ? 'role' : `slot:${slot.ordinal}` }];
  scene.withhold({ name: pattern.pattern, type: 'MX', reason: name.reason, detail: name.detail });
  return [];
}
