import { leaveOut } from './absence.ts';
import { rollOutInCalm } from './calm-rollout.ts';
import { letGoInCalm } from './calm-scaling.ts';
import type { Base } from './base.ts';
import { Chance } from './chance.ts';
import { codeAt } from './code.ts';
import { someAreForgotten } from './forgotten.ts';
import { findNothing, sickenSome } from './ailments.ts';
import { fillUp, makeRoom } from './full-zones.ts';
import { crowdIn, deleteZone } from './hands-on-zones.ts';
import { OtherVersion } from './other-version.ts';
import { Neighbour } from './neighbour.ts';
import { undergo } from './ordeals.ts';
import { handOver, reach, snatch } from './hands-on-addresses.ts';
import { comeAndGo, deploy, doSomething, endMisreading, furnish, restart } from './people.ts';
import { assertPoolNames } from './pool-names.ts';
import { assertSaid } from './said.ts';
import { furnishGroup, scale } from './scaling.ts';
import { Stillness } from './stillness.ts';
import { type Life, watched } from './watch.ts';
import { Violated, World } from './world.ts';

export interface Verdict {
  readonly seed: number;
  /** Absent: everything held. */
  readonly violation?: { readonly invariant: string; readonly message: string };
  readonly counts: ReadonlyMap<string, number>;
  readonly trace: readonly string[];
}

/** How long the zones may take after the last fault: two sweeps, or ten where absence is capped. */
const SWEEPS_TO_CONVERGE = 2;
const SWEEPS_WHERE_CAPPED = 10;
const LONGEST_WAIT_S = 700;
const QUIET_S = 130;

/** Lives through one seed: trouble first, then calm, in which the zones must come right and then stay as they are. */
export async function simulate(seed: number, base: Base): Promise<Verdict> {
  const code = await codeAt(base.other.path);
  const world = new World(seed, base.template);
  if (world.strands.has('versions') || base.other.isEverywhere === true) world.rollouts.admit(code);
  try {
    await live(world, base);
    return { seed, counts: world.counts, trace: world.trace };
  } catch (error) {
    const invariant = error instanceof Violated ? error.invariant : 'no bugs';
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    world.note(`VIOLATED ${error instanceof Violated ? error.message : message}`);
    const said = error instanceof Violated ? error.message : message;
    return { seed, violation: { invariant, message: said }, counts: world.counts, trace: world.trace };
  } finally {
    await world.close();
  }
}

async function live(world: World, base: Base): Promise<void> {
  const chance = new Chance(world.seed, 'people');
  const extras = new Chance(world.seed, 'more people');
  const life = watched(world);
  const lives = [life];
  const snatching = new Chance(world.seed, 'snatching');
  if (world.strands.has('hands')) world.trouble.onCall = (call) => snatch(world, snatching, call);
  await world.deploy(() => {
    furnish(world, chance);
    if (world.strands.has('clutter')) crowdIn(world, new Chance(world.seed, 'clutter'));
    if (world.strands.has('scaling')) furnishGroup(world, extras);
  });
  const neighbour = world.strands.has('neighbour') ? await Neighbour.moveIn(world, base.template) : undefined;
  if (neighbour !== undefined) lives.push(neighbour.life);
  await world.advance(chance.between(1, 90));
  world.trouble.isActive = true;
  const otherVersion = new OtherVersion(world);
  const rolling = new Chance(world.seed, 'rolling out');
  for (let deeds = chance.between(2, 16); deeds > 0; deeds -= 1) {
    doSomething(world, chance);
    doMore(world, extras);
    if (world.strands.has('versions')) otherVersion.act();
    if (world.rollouts.isPossible) rollOut(world, rolling);
    life.invariants.accept();
    neighbour?.act();
    await world.advance(chance.pick([0.1, 1, 3, 20, 60] as const) * (0.5 + chance.next()));
  }
  if (chance.happens(0.02)) await longOutage(world, chance);
  if (world.strands.has('hands')) await handOver(world, new Chance(world.seed, 'handing over'));
  if (world.strands.has('absence')) await leaveOut(world, new Chance(world.seed, 'absence'));
  if (world.rollouts.isPossible) world.rollouts.end(base.other.mayStay && rolling.happens(0.5) ? 'other' : 'this');
  await calmDown(lives);
  for (const { invariants } of lives) invariants.assertConverged();
  for (const each of lives) assertPoolNames(each.world);
  for (const each of lives) assertSaid(each.world);
  otherVersion.assertKept();
  if (world.strands.has('scaling')) {
    await letGoInCalm(world, new Chance(world.seed, 'scaling in calm'), life.hooks);
    life.invariants.assertConverged();
  }
  if (world.rollouts.isPossible) {
    await rollOutInCalm(world, rolling, base.other.mayStay);
    life.invariants.assertConverged();
  }
  if (world.strands.has('ordeals')) await undergo(world, new Chance(world.seed, 'ordeals'), life);
  const isHoursLate = await deliverWithheld(world);
  const isRepeated = repeatEvents(world, chance);
  const late = [isHoursLate ? 'events came hours late' : [], isRepeated ? 'events came again' : []].flat();
  await staysQuiet(world, `after ${['convergence', ...late].join(', and ')}`);
  for (const { invariants } of lives) invariants.assertConverged();
}

/** What is done besides in the seeds that have more than others. */
function doMore(world: World, chance: Chance): void {
  if (world.strands.has('scaling') && chance.happens(0.4)) scale(world, chance);
  if (world.strands.has('notFound') && chance.happens(0.15)) findNothing(world, chance);
  if (world.strands.has('remoteness') && chance.happens(0.5)) comeAndGo(world, chance);
  if (world.strands.has('restlessness') && chance.happens(0.4)) restart(world, chance);
  if (world.strands.has('hands') && chance.happens(0.5)) reach(world, chance);
  if (world.strands.has('repletion') && chance.happens(0.25)) fillUp(world, chance);
  if (world.strands.has('deletion') && chance.happens(0.15)) deleteZone(world, chance);
}

/** With a new version the configuration is often stored anew; where no call fails it is not, for that would hide what is late. */
function rollOut(world: World, chance: Chance): void {
  const what = world.rollouts.act();
  if (what === undefined) return;
  world.count(`rollout ${what}`);
  world.note(`rollout ${what}`);
  if (world.trouble.weather.calls > 0 && chance.happens(0.5)) deploy(world, world.setting);
}

/** A service is away for an hour, in which life goes on. */
async function longOutage(world: World, chance: Chance): Promise<void> {
  world.count('outage of an hour');
  world.trouble.outage(chance.pick(['ec2', 'dynamodb', 'route53', 'sqs'] as const), 3_600_000);
  for (let quarters = 4; quarters > 0; quarters -= 1) {
    doSomething(world, chance);
    await world.advance(900);
  }
}

/** Faults stop; what they left under way comes to its end. */
async function calmDown(lives: readonly Life[]): Promise<void> {
  for (const { world } of lives) {
    world.trouble.stop();
    endMisreading(world);
    makeRoom(world);
    world.note('calm');
  }
  for (const { hooks } of lives) await hooks.nobodyWaits();
  for (const { world } of lives) if (world.strands.has('sickness')) await fallSick(world);
  for (const { world } of lives) await settle(world);
  // What one of them gave up while it settled, the other finds free.
  if (lives.length > 1) for (const { world } of lives) await settle(world);
}

async function settle(world: World): Promise<void> {
  const calmAtMs = Math.max(
    world.timeline.now(),
    Math.min(world.trouble.disturbedUntilMs, world.timeline.now() + 300_000),
  );
  let needed = SWEEPS_TO_CONVERGE;
  for (let waited = 0; waited < LONGEST_WAIT_S + 60 * (needed - SWEEPS_TO_CONVERGE); waited += 5) {
    await world.advance(5);
    if (someAreForgotten(world)) needed = SWEEPS_WHERE_CAPPED;
    const sweeps = world.completeSweeps.filter(({ startedAtMs }) => startedAtMs >= calmAtMs);
    const last = sweeps[needed - 1];
    if (last !== undefined && world.timeline.now() >= last.endedAtMs + SETTLE_MS) return;
  }
  throw new Violated('9 convergence', `there were not ${needed} complete sweeps in time`);
}

/** A pass put off may wait a minute for its turn. */
const SETTLE_MS = 70_000;

async function staysQuiet(world: World, when: string): Promise<void> {
  const stillness = new Stillness(world);
  await world.advance(QUIET_S);
  stillness.assertHeld(when);
}

/** Time enough for two reads of the status checks that find it so. */
const TO_BE_NOTICED_S = 150;

async function fallSick(world: World): Promise<void> {
  sickenSome(world, new Chance(world.seed, 'sickness'));
  await world.advance(TO_BE_NOTICED_S);
}

/** Longer than EC2 still lists what is terminated. */
const HOURS_S = 65 * 60;

/** What was lost for hours comes after all: nothing may come of it. */
async function deliverWithheld(world: World): Promise<boolean> {
  if (world.withheld.length === 0) return false;
  await world.advance(HOURS_S);
  for (const deliver of world.withheld) deliver();
  world.count('event hours late');
  return true;
}

/** Half of the events once more, in any order: nothing may come of it. */
function repeatEvents(world: World, chance: Chance): boolean {
  if (!chance.happens(0.5)) return false;
  const events = chance.some(world.delivered, 0.5);
  for (const { event, deliver } of events) world.timeline.after(chance.between(0, 20_000), () => deliver(event));
  world.count('event repeated late');
  return true;
}

/** Loads what is only loaded when first needed: that takes real time, and would make the first seed unlike itself. */
export async function warmUp(base: Base): Promise<void> {
  await simulate(0, base);
  await simulate(0, base);
}
