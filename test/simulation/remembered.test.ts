import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Instance } from '../../local/ec2/instance.ts';
import { publicDnsName } from '../../local/ec2/network.ts';
import type { Change, ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { launched } from './checked.ts';
import { rememberBatch } from './remembered.ts';
import { ZONES } from './setting.ts';
import { World } from './world.ts';

let world: World;
let instance: Instance;
let address: string;

beforeEach(async () => {
  world = new World(1, undefined);
  instance = await launched(world, 'jump');
  address = instance.autoPublicAddress ?? '';
});

afterEach(async () => {
  await world.close();
});

const set = (ttlSeconds: number, value: string, type = 'A'): ResourceRecordSet => ({
  name: 'jump.example.com.',
  type,
  ttlSeconds,
  values: [value],
});

/** How long resolvers remember it after ours had made the first set, and then put the other in its place. */
function secondsAfter(made: ResourceRecordSet, taken: ResourceRecordSet, next?: ResourceRecordSet): number {
  const accept = (changes: readonly Change[]) =>
    rememberBatch(world, {
      changeId: 'C1',
      zoneId: ZONES.pub.id,
      zoneName: 'example.com.',
      changes,
      atMs: world.timeline.now(),
    });
  accept([{ action: 'CREATE', set: made }]);
  accept([{ action: 'DELETE', set: taken }, ...(next === undefined ? [] : [{ action: 'CREATE' as const, set: next }])]);
  return Math.floor(world.secondsRemembered(instance.id) / 10) * 10;
}

describe('what resolvers remember of an instance', () => {
  it('is an address for the TTL of the set that it left', () => {
    expect(secondsAfter(set(60, address), set(60, address))).toBe(60);
  });

  it('is the name that EC2 gives to it, too', () => {
    const name = publicDnsName(address, 'us-east-1');
    expect(secondsAfter(set(60, name, 'CNAME'), set(600, name, 'CNAME'))).toBe(600);
  });

  it('is an address that stays, where its TTL is made shorter, and not where it is made longer', () => {
    expect(secondsAfter(set(60, address), set(60, address), set(300, address))).toBe(0);
    expect(secondsAfter(set(300, address), set(300, address), set(60, address))).toBe(300);
  });

  it('is nothing of a set of hands in which it never was', () => {
    expect(secondsAfter(set(60, address), set(999, '192.0.2.66'))).toBe(0);
  });
});
