import type { Member } from '../model/member.ts';
import { isPublishableName } from '../model/name.ts';
import type { NamePattern } from '../model/role.ts';
import { compilePattern } from './names.ts';
import { fitsOneSet } from './routing.ts';
import { type Group, ONE_SET, type Scene } from './scene.ts';
import type { NameShare } from './shares.ts';
import { bySeniority } from './succession.ts';
import { weightOf } from './weight.ts';

const PRIORITY = 0;
const WEIGHT_TAG = 'rolecall:weight';
const DEFAULT_WEIGHT = 10;

/**
 * `<service>.<role>.<zone>` (RFC 2782) with a value for each serving member that has a name of its own in this zone,
 * by the first pattern that gives one. `given` is what members give to the names of each pattern in this zone.
 */
export function serviceRecordsOf(scene: Scene, given: ReadonlyMap<NamePattern, readonly NameShare[]>): Group[] {
  const { role, zone } = scene;
  if (role.srv.length === 0) return [];
  const pattern = role.names.find(
    (each) => each.zone === zone.key && compilePattern(each.pattern, each.zoneName).isMembersOwn,
  );
  if (pattern === undefined) return [];
  const own = (given.get(pattern) ?? []).filter(hasMember);
  return role.srv.flatMap(({ service, port }) => {
    const name = `${service}.${role.role}.${zone.name}`.toLowerCase();
    if (!isPublishableName(name)) {
      scene.withhold({ name, type: 'SRV', reason: 'invalid-name', detail: `${name} is no name for a record` });
      return [];
    }
    const shares = own.map(({ member, name: target }) => {
      const value = `${PRIORITY} ${weightOf(member, WEIGHT_TAG, DEFAULT_WEIGHT)} ${port} ${target}`;
      return { contributor: member.instanceId, values: [value], member };
    });
    // Where nobody is left out nobody need come first: by id, as they are, the values are nearly in order already.
    if (!fitsOneSet(shares)) shares.sort((one, other) => bySeniority(one.member, other.member));
    return [{ name, type: 'SRV', ttlSeconds: pattern.ttlSeconds, routing: ONE_SET, shares }];
  });
}

function hasMember(share: NameShare): share is NameShare & { readonly member: Member } {
  return share.member !== undefined;
}
