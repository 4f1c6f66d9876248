import type { Account } from '../../local/account.ts';
import type { Fault, FaultEffect } from '../../local/faults.ts';
import type { ClientCall } from '../../local/in-process.ts';
import type { Chance } from './chance.ts';
import type { Invocation, Mishaps } from './environments.ts';

/** How much goes wrong in one seed; every rate is a probability for each call, or each event. */
export interface Weather {
  readonly calls: number;
  readonly kills: number;
  readonly freezes: number;
  readonly slowness: number;
  readonly drops: number;
  readonly duplicates: number;
  readonly lateness: number;
  readonly skewMs: number;
}

const CALM: Weather = {
  calls: 0,
  kills: 0,
  freezes: 0,
  slowness: 0,
  drops: 0,
  duplicates: 0,
  lateness: 0,
  skewMs: 0,
};

/** A third of the seeds are calm, where the narrow bounds hold; the others have some kinds of trouble, or all. */
export function anyWeather(chance: Chance): Weather {
  if (chance.happens(0.3)) return { ...CALM, duplicates: chance.pick([0, 0.5] as const) };
  const rate = (...rates: [number, ...number[]]) => (chance.happens(0.5) ? 0 : chance.pick(rates));
  return {
    calls: rate(0.01, 0.05, 0.2),
    kills: rate(0.003, 0.02, 0.05),
    freezes: rate(0.003, 0.01),
    slowness: rate(0.05, 0.3),
    drops: rate(0.1, 0.5, 1),
    duplicates: rate(0.2, 0.6),
    lateness: rate(0.2, 0.6),
    skewMs: rate(200, 2_000),
  };
}

const EFFECTS: readonly FaultEffect[] = [
  'throttle',
  'error-before',
  'error-after',
  'timeout-before',
  'timeout-after',
  'delay',
];

export type Count = (what: string) => void;

/** What goes wrong with the calls of Lambdas, as one seed decides it. */
export class Trouble implements Mishaps {
  readonly #account: Account;
  readonly #chance: Chance;
  readonly #count: Count;
  readonly weather: Weather;
  isActive = false;
  /** Until when anything that went wrong may still hold things up. */
  disturbedUntilMs = 0;
  readonly #outages = new Map<string, number>();
  /** When nobody could write to a zone, or to any. */
  readonly #shut: { readonly zoneId: string | undefined; readonly fromMs: number; untilMs: number }[] = [];
  /** Until when nobody may touch a zone. */
  readonly deniedUntilMs = new Map<string, number>();
  /** Until when EC2 answers that there are no such instances. */
  notFoundUntilMs = 0;
  readonly #killAfter = new WeakSet<ClientCall>();
  /** Route 53 takes up to so long for every call; that holds up nothing for longer. */
  distanceMs = 0;
  /** Whether Route 53 turns many calls away. */
  isCrowded = false;
  /** No event comes. */
  isDeaf = false;
  /** Decides which calls of a pass freeze besides; absent: none. */
  stalls: Chance | undefined;
  /** Told of each call that is about to reach the account. */
  onCall: (call: ClientCall) => void = () => {};
  /** For how many milliseconds a call is held up before it reaches the account, whatever else goes wrong. */
  holdUp: (call: ClientCall) => number = () => 0;
  /** Whether a Lambda dies of a call once that took effect, whatever else goes wrong. */
  isFatal: (call: ClientCall) => boolean = () => false;

  constructor(account: Account, chance: Chance, weather: Weather, count: Count) {
    this.#account = account;
    this.#chance = chance;
    this.weather = weather;
    this.#count = count;
  }

  clockSkewMs(): number {
    const { skewMs } = this.weather;
    return skewMs === 0 ? 0 : this.#chance.between(-skewMs, skewMs);
  }

  /** A service does not answer at all for a while. */
  outage(service: 'ec2' | 'dynamodb' | 'route53' | 'sqs' | 'autoscaling', milliseconds: number): void {
    this.#count(`outage of ${service}`);
    this.#outages.set(service, this.#account.timeline.now() + milliseconds);
    this.#shutFor(milliseconds, undefined);
    this.disturb(milliseconds);
  }

  /** A zone's permission is lost for a while; no other zone may notice. */
  deny(zoneId: string, milliseconds: number): void {
    this.#count('permission lost');
    this.deniedUntilMs.set(zoneId, this.#account.timeline.now() + milliseconds);
    this.#shutFor(milliseconds, zoneId);
  }

  /** For how long of the time since then nobody could write to the zone. */
  shutMs(zoneId: string, sinceMs: number): number {
    const nowMs = this.#account.timeline.now();
    const times = this.#shut
      .filter((each) => each.zoneId === undefined || each.zoneId === zoneId)
      .sort((one, other) => one.fromMs - other.fromMs);
    let countedUntilMs = sinceMs;
    let shutMs = 0;
    for (const { fromMs, untilMs } of times) {
      const endMs = Math.min(untilMs, nowMs);
      shutMs += Math.max(0, endMs - Math.max(fromMs, countedUntilMs));
      countedUntilMs = Math.max(countedUntilMs, endMs);
    }
    return shutMs;
  }

  #shutFor(milliseconds: number, zoneId: string | undefined): void {
    const fromMs = this.#account.timeline.now();
    this.#shut.push({ zoneId, fromMs, untilMs: fromMs + milliseconds });
  }

  disturb(milliseconds: number): void {
    this.disturbedUntilMs = Math.max(this.disturbedUntilMs, this.#account.timeline.now() + milliseconds);
  }

  stop(): void {
    this.isActive = false;
    this.notFoundUntilMs = 0;
    this.#outages.clear();
    for (const shut of this.#shut) shut.untilMs = Math.min(shut.untilMs, this.#account.timeline.now());
    for (const [zoneId, untilMs] of this.deniedUntilMs)
      this.deniedUntilMs.set(zoneId, Math.min(untilMs, this.#account.timeline.now()));
    this.#account.faults.clear();
  }

  async before(call: ClientCall, invocation: Invocation, kill: () => Promise<never>): Promise<void> {
    const { timeline } = this.#account;
    const chance = this.#chance;
    if (this.isActive) this.onCall(call);
    await timeline.sleep(chance.between(1, 25));
    const heldMs = this.holdUp(call);
    if (heldMs > 0) await timeline.sleep(heldMs);
    if (!this.isActive) return;
    if (call.service === 'route53' && this.distanceMs > 0)
      await timeline.sleep(chance.between(this.distanceMs / 5, this.distanceMs));
    if (this.#isDenied(call)) return this.#refuse(call, 'AccessDenied', 403);
    if (this.isCrowded && call.service === 'route53' && chance.happens(0.3)) {
      this.disturb(10_000);
      return this.#refuse(call, 'Throttling', 400);
    }
    if (call.service === 'ec2' && timeline.now() < this.notFoundUntilMs && chance.happens(0.6))
      return this.#refuse(call, 'InvalidInstanceID.NotFound', 400);
    if (chance.happens(this.weather.slowness)) {
      const pauseMs = chance.between(100, 3_000);
      this.disturb(pauseMs);
      this.#count('call slow');
      await timeline.sleep(pauseMs);
    }
    if (invocation.kind !== 'Configure' && chance.happens(this.weather.freezes)) {
      const pauseMs = chance.between(10_000, 300_000);
      this.disturb(pauseMs);
      this.#count(`${invocation.kind} frozen`);
      await timeline.sleep(pauseMs);
    }
    await this.#stall(invocation);
    if (invocation.kind !== 'Configure' && chance.happens(this.weather.kills)) {
      this.disturb(60_000);
      this.#count(`${invocation.kind} killed`);
      if (chance.happens(0.5)) return await kill();
      this.#killAfter.add(call);
    }
    const effect = this.#effectOn(call);
    if (effect !== undefined) this.#strike(call, effect);
  }

  async after(call: ClientCall, _invocation: Invocation, kill: () => Promise<never>): Promise<void> {
    if (this.#killAfter.has(call) || this.isFatal(call)) await kill();
    if (this.#chance.happens(0.3)) await this.#account.timeline.sleep(this.#chance.between(1, 15));
  }

  /** Longer than a message is hidden: another pass takes the work up meanwhile. */
  async #stall({ kind }: Invocation): Promise<void> {
    if (this.stalls === undefined || kind === 'Configure') return;
    if (!this.stalls.happens(kind === 'Reconcile' ? 0.04 : 0.02)) return;
    const pauseMs = this.stalls.between(20_000, 150_000);
    this.disturb(pauseMs);
    this.#count(`${kind} stalled`);
    await this.#account.timeline.sleep(pauseMs);
  }

  #isDenied({ service, parameters }: ClientCall): boolean {
    if (service !== 'route53') return false;
    const path = String(parameters['path']);
    return [...this.deniedUntilMs].some(([id, untilMs]) => path.includes(id) && untilMs > this.#account.timeline.now());
  }

  #refuse({ service, operation, caller }: ClientCall, code: string, status: number): void {
    const when = (other: { readonly caller?: string }) => other.caller === caller;
    const refusal = { code, status, times: 1, when } as const;
    this.#count(code === 'AccessDenied' ? 'call denied' : `${service} ${code}`);
    this.#account.faults.add({ service, operation, effect: 'error-before', ...refusal });
  }

  #effectOn(call: ClientCall): FaultEffect | undefined {
    const until = this.#outages.get(call.service) ?? 0;
    if (until > this.#account.timeline.now()) return this.#chance.pick(['error-before', 'timeout-before'] as const);
    return this.#chance.happens(this.weather.calls) ? this.#chance.pick(EFFECTS) : undefined;
  }

  #strike({ service, operation, caller }: ClientCall, effect: FaultEffect): void {
    this.#count(`${service} ${effect}`);
    this.disturb(10_000);
    const fault: Fault = {
      service,
      operation,
      effect,
      milliseconds: this.#chance.between(50, 4_000),
      times: 1,
      when: (other) => other.caller === caller,
    };
    this.#account.faults.add(fault);
  }
}
