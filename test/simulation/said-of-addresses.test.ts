import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../lib/model/journal.ts';
import { launched } from './checked.ts';
import { wronglySaidOfAddresses } from './said-of-addresses.ts';
import { ZONES } from './setting.ts';
import { World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = new World(1, undefined);
  world.setting = {
    owner: 'ours',
    zones: ZONES,
    roles: { gate: { names: [{ zone: 'pub' }], elasticIp: { pool: 'gate' } } },
  };
  await world.advance(10);
});

afterEach(async () => {
  await world.close();
});

const launch = async (role: string) => (await launched(world, role)).id;

function addressWith(instanceId: string | undefined): string {
  const { allocationId, address } = world.account.ec2.allocateAddress({ 'rolecall:pool': 'gate' });
  if (instanceId !== undefined)
    world.account.ec2.elasticIps.associate({ allocationId, instanceId, allowReassociation: false });
  return address;
}

type Word = Partial<JournalEntry> & { readonly reason: JournalEntry['reason'] };

function entry(word: Word): JournalEntry {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is left out is the same in all of these
  return { kind: 'withheld', role: 'gate', name: 'gate', type: 'EIP', ...word } as JournalEntry;
}

const complaintsOf = (...said: readonly JournalEntry[]) => wronglySaidOfAddresses(world, said, []);

describe('the checker of what is said of Elastic IPs', () => {
  it('complains where an address is said to be with an instance that has it no more', async () => {
    const [one, other] = [await launch('web'), await launch('web')];
    const name = addressWith(other);
    const held = (instance: string) => entry({ reason: 'address-held', name, instance });
    expect(complaintsOf(held(one))).toEqual([`address-held is said of ${name} and ${one}, which has none`]);
    expect(complaintsOf(held(other))).toEqual([]);
    expect(complaintsOf(held(one), { ...held(one), cleared: true } as JournalEntry)).toEqual([]);
  });

  it('complains where a member is said to have another address, and has none', async () => {
    const one = await launch('gate');
    const name = addressWith(undefined);
    const refused = entry({ reason: 'has-elastic-ip', name, instance: one });
    expect(complaintsOf(refused)).toEqual([`has-elastic-ip is said of ${name} and ${one}, which has none`]);
    const { address } = world.account.ec2.allocateAddress({});
    expect(address).not.toBe(name);
    const [, other] = world.account.ec2.elasticIps.addresses.current();
    world.account.ec2.elasticIps.associate({
      allocationId: other?.allocationId ?? '',
      instanceId: one,
      allowReassociation: false,
    });
    expect(complaintsOf(refused)).toEqual([]);
  });

  it('complains where nobody says that a pool is empty or too small, and where it is neither', async () => {
    const [empty, small] = [entry({ reason: 'pool-empty' }), entry({ reason: 'pool-too-small' })];
    const about = (addresses: number, members: number, said: string) => [
      `of the pool of gate, with ${addresses} addresses for ${members} members, ${said} is said`,
    ];
    expect(complaintsOf()).toEqual(about(0, 0, 'nothing'));
    expect(complaintsOf(empty)).toEqual([]);
    addressWith(await launch('gate'));
    expect(complaintsOf(empty)).toEqual(about(1, 1, 'pool-empty'));
    expect(complaintsOf()).toEqual([]);
    await launch('gate');
    expect(complaintsOf()).toEqual(about(1, 2, 'nothing'));
    expect(complaintsOf(small)).toEqual([]);
  });

  it('takes what is stored for said, though the Lambda died before it printed it', () => {
    const empty = entry({ reason: 'pool-empty' });
    const cleared = { ...empty, cleared: true } as JournalEntry;
    const nothing = ['of the pool of gate, with 0 addresses for 0 members, nothing is said'];
    expect(wronglySaidOfAddresses(world, [], [empty])).toEqual([]);
    expect(wronglySaidOfAddresses(world, [empty, cleared], [empty, cleared, empty])).toEqual([]);
    expect(wronglySaidOfAddresses(world, [empty], [empty, cleared])).toEqual(nothing);
    expect(wronglySaidOfAddresses(world, [empty, cleared], [empty, cleared])).toEqual(nothing);
  });
});
