import type { Instance } from '../../local/ec2/instance.ts';
import type { Chance } from './chance.ts';
import { create, deleteOurs, editOurs, foreignRecord, spoilSerial } from './hands-on-zones.ts';
import { allocate, freeAddress, grabAddress, moveAddress, poolAddress } from './hands-on-addresses.ts';
import { anotherSetting, POOLS } from './setting.ts';
import type { World } from './world.ts';

/** What people and AWS do to the account, at random. */
type Deed = (world: World, chance: Chance) => unknown;

const DEEDS = {
  launch,
  terminate,
  storm,
  stop,
  start,
  retag,
  tune,
  drain,
  hasten,
  sicken,
  deny,
  foreignRecord,
  editOurs,
  deleteOurs,
  spoilSerial,
  grabAddress,
  freeAddress,
  poolAddress,
  moveAddress,
  configure,
  pileUp,
  forge,
  poison,
  hide,
  lag,
  outage,
} satisfies Readonly<Record<string, Deed>>;

const WEIGHTS: Readonly<Record<keyof typeof DEEDS, number>> = {
  launch: 10,
  terminate: 8,
  storm: 1,
  stop: 3,
  start: 3,
  retag: 4,
  tune: 2,
  drain: 2,
  hasten: 2,
  sicken: 2,
  deny: 1,
  foreignRecord: 2,
  editOurs: 2,
  deleteOurs: 1,
  spoilSerial: 1,
  grabAddress: 1,
  freeAddress: 1,
  poolAddress: 1,
  moveAddress: 1,
  configure: 2,
  pileUp: 2,
  forge: 2,
  poison: 1,
  hide: 1,
  lag: 1,
  outage: 1,
};

const MOST_INSTANCES = 12;

export function doSomething(world: World, chance: Chance): void {
  const deed = chance.weighed(WEIGHTS);
  world.note(`deed ${deed}`);
  world.count(`deed ${deed}`);
  DEEDS[deed](world, chance);
}

/** What runs before the stack is there, and what stands in the zones. */
export function furnish(world: World, chance: Chance): void {
  for (const [role, pool] of Object.entries(POOLS)) {
    if (!(role in world.setting.roles)) continue;
    for (let count = chance.between(0, 3); count > 0; count -= 1) allocate(world, pool);
  }
  for (let count = chance.between(0, 4); count > 0; count -= 1) launch(world, chance);
  if (chance.happens(0.4)) foreignRecord(world, chance);
  if (world.other !== undefined) return;
  // Another installation shares the zone: its serial and its records are as foreign as any.
  create(world, 'pub', 'theirs._rolecall', 'TXT', ['"owner=theirs serial=41 batch=b1"']);
  create(world, 'pub', 'shop', 'A', ['198.51.100.200']);
}

export function instances(world: World, ...states: Instance['state'][]): Instance[] {
  return world.account.ec2.fleet.instances.current().filter(({ state }) => states.includes(state));
}

function anyRoles(world: World, chance: Chance): string {
  const configured = Object.keys(world.setting.roles);
  if (chance.happens(0.05)) return chance.pick(['UPPER', 'not_a_role', '-', ''] as const);
  if (chance.happens(0.1)) return chance.pick([...world.choice, 'misc']) ?? 'misc';
  const role = chance.pick(configured) ?? 'misc';
  return chance.happens(0.15) ? `${role} ${chance.pick(configured) ?? role}` : role;
}

/** Of any role, where none is named. */
export function launch(world: World, chance: Chance, role?: string): readonly string[] {
  if (instances(world, 'pending', 'running', 'stopped').length >= MOST_INSTANCES) return [];
  const tags: Record<string, string> = { 'rolecall:role': role ?? anyRoles(world, chance) };
  if (chance.happens(0.3)) tags['rolecall:priority'] = String(chance.between(0, 5));
  if (chance.happens(0.3)) tags['rolecall:weight'] = chance.pick(['3', '0', '255', 'x'] as const);
  const subnets = world.account.ec2.fleet.subnets.filter(({ autoAssignPublic }) => autoAssignPublic);
  const launched = world.account.ec2.launch({
    count: chance.pick([1, 1, 2, 3] as const),
    imageId: 'ami-1',
    type: 't3.micro',
    subnetId: chance.pick(subnets)?.id ?? '',
    publicAddress: chance.happens(0.9),
    interfaces: 1,
    ipv6AddressCount: chance.happens(0.3) ? 1 : 0,
    instanceProfile: `arn:aws:iam::123456789012:instance-profile/${chance.pick(['trusted-web', 'other'] as const)}`,
    spot: chance.happens(0.2),
    // Some are tagged later, as by a script that runs after the launch.
    tags: chance.happens(0.8) ? tags : {},
  });
  for (const { id, tags: given } of launched) {
    world.note(`launched ${id} ${given['rolecall:role'] ?? ''}`);
    world.chronicle.touch(id);
    if (Object.keys(given).length > 0) continue;
    world.timeline.after(chance.between(100, 40_000), () => {
      if (isThere(world, id)) world.account.ec2.createTags([id], tags);
      world.chronicle.touch(id);
    });
  }
  return launched.map(({ id }) => id);
}

function isThere(world: World, id: string): boolean {
  const state = world.account.ec2.fleet.find(id)?.state;
  return state !== undefined && state !== 'shutting-down' && state !== 'terminated';
}

export function end(world: World, ids: readonly string[]): void {
  if (ids.length === 0) return;
  world.note(`terminated ${ids.join(' ')}`);
  world.chronicle.touch(...ids);
  for (const id of ids) world.chronicle.goneAtMs.set(id, world.timeline.now());
  world.account.ec2.fleet.terminate(ids);
}

export function terminate(world: World, chance: Chance): void {
  const victim = chance.pick(instances(world, 'pending', 'running', 'stopped', 'stopping'));
  if (victim !== undefined) end(world, [victim.id]);
}

function storm(world: World, chance: Chance): void {
  const victims = chance.some(instances(world, 'pending', 'running', 'stopped'), chance.pick([0.5, 0.9, 1] as const));
  end(
    world,
    victims.map(({ id }) => id),
  );
}

function stop(world: World, chance: Chance): void {
  const victim = chance.pick(instances(world, 'running'));
  if (victim === undefined) return;
  world.note(`stopped ${victim.id}`);
  world.chronicle.touch(victim.id);
  world.account.ec2.fleet.stop([victim.id]);
  // Stopped and started again within a second or two: the order of the two is hard to tell from times of whole seconds.
  if (chance.happens(0.4)) {
    world.timeline.after(world.account.ec2.lifecycle.stoppingMs + chance.between(1, 1_500), () =>
      startAgain(world, victim.id),
    );
  }
}

function startAgain(world: World, id: string): void {
  if (world.account.ec2.fleet.find(id)?.state !== 'stopped') return;
  world.note(`started ${id}`);
  world.chronicle.touch(id);
  world.account.ec2.fleet.start([id]);
}

/** Stopped, and started again some time after that. */
export function restart(world: World, chance: Chance): void {
  const victim = chance.pick(instances(world, 'running'));
  if (victim === undefined) return;
  world.note(`stopped ${victim.id}`);
  world.count('deed restart');
  world.chronicle.touch(victim.id);
  world.account.ec2.fleet.stop([victim.id]);
  const { stoppingMs } = world.account.ec2.lifecycle;
  world.timeline.after(stoppingMs + chance.between(1_000, 20_000), () => startAgain(world, victim.id));
}

function start(world: World, chance: Chance): void {
  const one = chance.pick(instances(world, 'stopped'));
  if (one !== undefined) startAgain(world, one.id);
}

function retag(world: World, chance: Chance): void {
  const one = chance.pick(instances(world, 'pending', 'running', 'stopped'));
  if (one === undefined) return;
  world.chronicle.touch(one.id);
  if (chance.happens(0.3)) {
    world.note(`untagged ${one.id}`);
    world.account.ec2.deleteTags([one.id], [{ key: 'rolecall:role' }]);
    return;
  }
  const role = anyRoles(world, chance);
  world.note(`tagged ${one.id} ${role}`);
  world.account.ec2.createTags([one.id], { 'rolecall:role': role });
}

function tune(world: World, chance: Chance): void {
  const one = chance.pick(instances(world, 'pending', 'running', 'stopped'));
  if (one === undefined) return;
  world.chronicle.touch(one.id);
  const key = chance.pick(['rolecall:priority', 'rolecall:weight'] as const);
  world.account.ec2.createTags([one.id], { [key]: String(chance.between(0, 20)) });
}

/** Asked to leave, or to stay after all. */
function drain(world: World, chance: Chance): void {
  const one = chance.pick(instances(world, 'running'));
  if (one === undefined) return;
  world.chronicle.touch(one.id);
  if ('rolecall:drain' in one.tags) world.account.ec2.deleteTags([one.id], [{ key: 'rolecall:drain' }]);
  else world.account.ec2.createTags([one.id], { 'rolecall:drain': chance.pick(['yes', 'now', 'false'] as const) });
}

function configure(world: World, chance: Chance): void {
  deploy(world, anotherSetting(world.setting, chance, world.choice));
}

/** After those that are under way. */
export function deploy(world: World, setting: World['setting']): void {
  world.note(`configured ${JSON.stringify(setting.roles)}`);
  world.trouble.disturb(10_000);
  world.configuring = world.configuring
    .then(() => deployUntilItSucceeds(world, setting))
    .catch((error: unknown) => {
      world.fail(error);
    });
}

/** Enough for a service that is away for an hour. */
const MOST_DEPLOYMENTS = 400;

/** A deployment that AWS did not let through is made again, as its people would. */
async function deployUntilItSucceeds(world: World, setting: World['setting']): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await world.configure(setting);
    } catch (error) {
      world.count('deployment failed');
      world.note(`deployment failed: ${String(error)}`);
      if (attempt === MOST_DEPLOYMENTS) throw error;
      await world.timeline.sleep(10_000);
    }
  }
}

/** Several Lambdas at one group, side by side. */
function pileUp(world: World, chance: Chance): void {
  const group = chance.pick([world.zones.pub.id, world.zones.int.id, 'addresses'] as const);
  for (let count = chance.between(2, 6); count > 0; count -= 1) {
    const body = JSON.stringify({ kind: 'wake', group, attempt: 0 });
    const Records = [{ messageId: world.newId(), body, attributes: { MessageGroupId: group } }];
    world.environments.invoke(world.environments.nameOf('Reconcile'), { Records }).catch(() => {});
  }
}

/** Events that say what is not so: of instances that nobody has, or of the dead that they run. */
function forge(world: World, chance: Chance): void {
  const dead = chance.pick(instances(world, 'terminated', 'shutting-down'));
  const id = dead !== undefined && chance.happens(0.7) ? dead.id : 'i-0123456789abcdef0';
  const state = chance.pick(['running', 'pending', 'stopped'] as const);
  world.note(`forged ${id} ${state}`);
  world.account.events.put({
    version: '0',
    id: world.newId(),
    'detail-type': 'EC2 Instance State-change Notification',
    source: 'aws.ec2',
    account: '123456789012',
    time: new Date(world.timeline.now() + chance.between(-600_000, 60_000)).toISOString(),
    region: 'us-east-1',
    resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${id}`],
    detail: { 'instance-id': id, state },
  });
}

function poison(world: World, chance: Chance): void {
  const body = chance.pick(['{"nonsense":', '[]', '{"source":"aws.ec2","detail":{"instance-id":7}}', 'null'] as const);
  world.account.sqs.byUrl(world.stack?.outputs['EventsQueue'] ?? '').send({ body });
}

/** Lists leave out an instance that runs: absence, which is no proof. */
function hide(world: World, chance: Chance): void {
  const one = chance.pick(instances(world, 'running'));
  if (one === undefined) return;
  world.note(`hidden ${one.id}`);
  world.account.ec2.unlisted.add(one.id);
  const forMs = chance.pick([30_000, 200_000] as const);
  misread(world, forMs);
  world.chronicle.touch(one.id);
  world.timeline.after(forMs, () => {
    world.account.ec2.unlisted.delete(one.id);
    world.chronicle.touch(one.id);
  });
}

export function misread(world: World, forMs: number): void {
  world.trouble.disturb(forMs + 75_000);
  world.chronicle.misreadAtMs = world.timeline.now() + forMs;
}

function lag(world: World, chance: Chance): void {
  const lagMs = chance.pick([2_000, 20_000, 60_000] as const);
  const forMs = chance.between(5_000, 120_000);
  misread(world, forMs + lagMs);
  world.account.ec2.readLagMs = lagMs;
  world.timeline.after(forMs, () => {
    world.account.ec2.readLagMs = 0;
  });
}

/** A change that is just being worked on when the instance ends. */
function hasten(world: World, chance: Chance): void {
  const one = chance.pick(instances(world, 'running'));
  if (one === undefined) return;
  world.chronicle.touch(one.id);
  world.account.ec2.createTags([one.id], { 'rolecall:weight': String(chance.between(1, 200)) });
  world.timeline.after(chance.between(100, 900), () => {
    if (isThere(world, one.id)) end(world, [one.id]);
  });
}

/** One that ends just when what it was launched for is worked on. */
export function comeAndGo(world: World, chance: Chance): void {
  const { pendingMs } = world.account.ec2.lifecycle;
  for (const id of launch(world, chance)) {
    world.timeline.after(pendingMs + chance.between(20, 2_500), () => {
      if (isThere(world, id)) end(world, [id]);
    });
  }
}

const SICK: [number, ...number[]] = [20_000, 100_000, 200_000];

/** Status checks fail for a while. */
function sicken(world: World, chance: Chance): void {
  const one = chance.pick(instances(world, 'running'));
  if (one === undefined) return;
  world.chronicle.touch(one.id);
  world.account.ec2.fleet.setImpaired(one.id, true);
  world.timeline.after(chance.pick(SICK), () => recover(world, one.id));
}

function recover(world: World, id: string): void {
  if (world.account.ec2.fleet.find(id)?.impairedSinceMs === undefined) return;
  world.account.ec2.fleet.setImpaired(id, false);
  world.chronicle.touch(id);
}

function deny(world: World, chance: Chance): void {
  world.trouble.deny(world.zones[chance.pick(['pub', 'int', 'rev'] as const)].id, chance.between(20_000, 200_000));
}

function outage(world: World, chance: Chance): void {
  if (world.trouble.weather.calls === 0) return;
  world.trouble.outage(chance.pick(['ec2', 'dynamodb', 'route53', 'sqs'] as const), chance.between(5_000, 240_000));
}

export function endMisreading(world: World): void {
  world.account.ec2.readLagMs = 0;
  for (const id of world.account.ec2.unlisted) world.chronicle.touch(id);
  world.account.ec2.unlisted.clear();
  for (const { id } of world.account.ec2.fleet.instances.current()) recover(world, id);
}
