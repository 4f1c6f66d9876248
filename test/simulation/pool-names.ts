import { primaryPrivateAddress } from '../../local/ec2/instance.ts';
import type { ElasticIp } from '../../local/ec2/elastic-ips.ts';
import { disputedNames } from './disputed.ts';
import { claimsOf, isDraining, plain, rendered } from './rendering.ts';
import type { ZoneKey } from './setting.ts';
import { Violated, type World } from './world.ts';

const MOST_ORDINALS = 80;

/**
 * Where a pool's addresses and their holders have ordinal names in two zones, number by number both say the same: the one
 * has the address, the other the instance that EC2 shows it with. Where every address is with somebody, it may also be one
 * that waits for an address that hands gave to another. Nobody has two numbers; but of a role that keeps its names, that of
 * an address that is with no member may still be the instance that last had it, whichever it has since.
 */
export function assertPoolNames(world: World): void {
  const complaints = Object.keys(world.setting.roles).flatMap((role) => complaintsOf(world, role));
  if (complaints.length > 0) throw new Violated('9 convergence', complaints.join('\n  '));
}

function complaintsOf(world: World, role: string): string[] {
  const definition = world.setting.roles[role];
  if (typeof definition !== 'object' || definition.elasticIp === undefined) return [];
  const [first, second] = definition.names ?? [];
  if (first === undefined || second?.name?.includes('{ordinal}') !== true) return [];
  const addresses = world.account.ec2.elasticIps.addresses.current();
  const pool = addresses.filter(({ tags }) => tags['rolecall:pool'] === definition.elasticIp?.pool);
  const instances = world.account.ec2.fleet.instances.current();
  const members = instances.filter(
    (each) => each.state === 'running' && claimsOf(each).includes(role) && !isDraining(each),
  );
  const holderOf = ({ association }: ElasticIp) => members.find(({ id }) => id === association?.instanceId);
  const hasNone = (value: string) =>
    members.some(
      (each) =>
        primaryPrivateAddress(each) === value &&
        addresses.every(({ association }) => association?.instanceId !== each.id),
    );
  const isAllWithMembers = pool.every((address) => holderOf(address) !== undefined);
  const isAnyElsewhere = members.some(({ id }) =>
    addresses.some((each) => each.association?.instanceId === id && !pool.includes(each)),
  );
  const seen = new Set<string>();
  return Array.from({ length: MOST_ORDINALS }, (_nothing, index) => index + 1).flatMap((ordinal) => {
    const names = [first, second].map((pattern) => rendered(pattern, role, undefined, ordinal));
    const [shown, stated] = names.map((name, place) => valueAt(world, (place === 0 ? first : second).zone, name));
    if (shown === undefined || stated === undefined) return [];
    const address = pool.find((each) => each.address === shown.value);
    const holder = address === undefined ? undefined : holderOf(address);
    const isKept = holder === undefined && definition.whenEmpty === 'keep';
    if (stated.value !== '' && !isKept) {
      if (seen.has(stated.value)) return [`${stated.value} has two ordinal names of ${role}`];
      seen.add(stated.value);
    }
    const expected = holder === undefined ? '' : (primaryPrivateAddress(holder) ?? '');
    if (stated.value === expected) return [];
    if (isKept || (holder === undefined && !isAllWithMembers)) return [];
    if (isAnyElsewhere || (hasNone(stated.value) && pool.every(({ association }) => association !== undefined)))
      return [];
    return [
      `${names[1]} is ${stated.value || 'nobody'}, and ${shown.value} of ${names[0]} is with ${expected || 'nobody'}`,
    ];
  });
}

/** The one address that a name has, or none; undefined where the zone does not show what we made of it. */
function valueAt(world: World, zone: ZoneKey, name: string): { readonly value: string } | undefined {
  const { id } = world.zones[zone];
  const found = world.account.route53.zones().find((each) => each.id === id);
  if (found === undefined || disputedNames(world).has(`${zone} ${name}`) || world.isLeftToHands(zone, name))
    return undefined;
  const set = found.current.sorted().find((each) => plain(each.name) === name && each.type === 'A');
  return { value: set?.values.join(' ') ?? '' };
}
