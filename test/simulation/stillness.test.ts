import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { primaryPrivateAddress } from '../../local/ec2/instance.ts';
import { keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { type Setting, ZONES } from './setting.ts';
import { Stillness } from './stillness.ts';
import { Violated, World } from './world.ts';

const SETTING: Setting = {
  owner: 'ours',
  zones: ZONES,
  roles: { node: { names: [{ zone: 'int', name: '{instanceId}.{role}' }] } },
};
const zone = ZONES.int.name;

let world: World;

beforeEach(async () => {
  world = new World(1, undefined);
  world.setting = SETTING;
  for (const { id, name } of Object.values(ZONES)) world.account.route53.createZone({ id, name, callerReference: id });
  await world.advance(10);
});

afterEach(async () => {
  await world.close();
});

function complaintOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    if (error instanceof Violated) return error.message;
    throw error;
  }
  return 'none';
}

async function write(action: 'CREATE' | 'DELETE', set: ResourceRecordSet, batch: string): Promise<void> {
  await world.through(world.account.route53.change(ZONES.int.id, [{ action, set }], `ours ${batch}`));
  world.chronicle.holdsOf(ZONES.int.id).set(keyOf(set), 'ours');
}

/** A member whose own name has its private address. */
async function member(): Promise<{ readonly id: string; readonly set: ResourceRecordSet }> {
  const [subnet] = world.account.ec2.fleet.subnets;
  const [instance] = world.account.ec2.launch({
    count: 1,
    imageId: 'ami-1',
    type: 't3.micro',
    subnetId: subnet?.id ?? '',
    publicAddress: false,
    interfaces: 1,
    ipv6AddressCount: 0,
    spot: false,
    tags: { 'rolecall:role': 'node' },
  });
  await world.advance(10);
  if (instance === undefined) throw new Error('nothing was launched');
  const address = primaryPrivateAddress(instance) ?? '';
  const set = { name: `${instance.id}.node.${zone}.`, type: 'A', ttlSeconds: 60, values: [address] };
  await write('CREATE', set, 'b1');
  world.chronicle.entered(ZONES.int.id, keyOf(set), address);
  return { id: instance.id, set };
}

/** One that ended an hour ago, of whom nobody was told, and who is said to stay in its name. */
async function forgotten(): Promise<{ readonly id: string; readonly set: ResourceRecordSet }> {
  const { id, set } = await member();
  world.chronicle.goneAtMs.set(id, world.timeline.now());
  world.account.ec2.fleet.terminate([id]);
  await world.advance(4_000);
  say(id, set, {});
  return { id, set };
}

function say(instance: string, { name }: ResourceRecordSet, more: { readonly cleared?: true }): void {
  const kept = { kind: 'withheld', reason: 'cap', role: 'node', zone, type: 'A' } as const;
  world.journal.push({ ...kept, name: name.replace(/\.$/, ''), instance, ...more });
}

function tell(id: string): void {
  world.chronicle.provenAtMs.set(id, world.timeline.now());
}

const LATE = 'when events came again';

describe('the checker of stillness', () => {
  it('complains of any batch, and of any news', async () => {
    const { id, set } = await member();
    const stillness = new Stillness(world);
    expect(complaintOf(() => stillness.assertHeld(LATE))).toBe('none');
    say(id, set, { cleared: true });
    expect(complaintOf(() => stillness.assertHeld(LATE))).toContain('is news when events came again');
    await write('DELETE', set, 'b2');
    expect(complaintOf(() => stillness.assertHeld(LATE))).toBe('9 then zero changes: 1 batches when events came again');
  });

  it('lets the last trace of one go, with a word, of whose end an event is the first that tells', async () => {
    const { id, set } = await forgotten();
    const stillness = new Stillness(world);
    tell(id);
    await write('DELETE', set, 'b2');
    say(id, set, { cleared: true });
    expect(complaintOf(() => stillness.assertHeld(LATE))).toBe('none');
  });

  it('complains where nobody was told of that end', async () => {
    const { set } = await forgotten();
    const stillness = new Stillness(world);
    await write('DELETE', set, 'b2');
    expect(complaintOf(() => stillness.assertHeld(LATE))).toContain('1 batches');
  });

  it('complains where anything else goes besides', async () => {
    const { id, set } = await forgotten();
    const stillness = new Stillness(world);
    tell(id);
    await write('DELETE', set, 'b2');
    await write('CREATE', { ...set, ttlSeconds: 61 }, 'b3');
    expect(complaintOf(() => stillness.assertHeld(LATE))).toContain('1 batches');
  });

  it('lets a claim go that was refused to one of whose end an event is the first that tells, and to no other', async () => {
    const { id } = await forgotten();
    const known = await forgotten();
    tell(known.id);
    const stillness = new Stillness(world);
    tell(id);
    const refused = { kind: 'refused', reason: 'not-allowed', role: 'node' } as const;
    world.journal.push({ ...refused, instance: id, cleared: true });
    expect(complaintOf(() => stillness.assertHeld(LATE))).toBe('none');
    world.journal.push({ ...refused, instance: known.id, cleared: true });
    expect(complaintOf(() => stillness.assertHeld(LATE))).toContain('is news when events came again');
  });
});
