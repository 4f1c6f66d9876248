import { firstNameOf, type Group, isFixed, ONE_SET, renderWithoutMember, type Scene } from './scene.ts';

/** A CNAME at each alias to the role's first name, there as long as the role is configured, whoever serves. */
export function aliasesOf(scene: Scene): Group[] {
  if (scene.role.aliases.length === 0) return [];
  const first = firstNameOf(scene);
  if (first === undefined) return [];
  const { compiled, pattern } = first;
  const target = renderWithoutMember(scene, compiled);
  return scene.role.aliases.flatMap(({ zone, name }) => {
    if (zone !== scene.zone.key) return [];
    if (target.kind === 'name' && isFixed(compiled)) {
      const shares = [{ contributor: 'role', values: [target.name] }];
      return [{ name, type: 'CNAME', ttlSeconds: pattern.ttlSeconds, routing: ONE_SET, shares }];
    }
    const detail =
      target.kind === 'withheld' ? target.detail : `${pattern.pattern}, the first name, is not one for all members`;
    scene.withhold({ name, type: 'CNAME', reason: 'invalid-name', detail });
    return [];
  });
}
