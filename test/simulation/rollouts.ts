import type { Timeline } from '../../local/timeline.ts';
import type { Chance } from './chance.ts';
import { type Code, THIS_CODE } from './code.ts';

/** That of this checkout, or another. */
export type Version = 'this' | 'other';

export const KINDS = ['Observe', 'Reconcile', 'Sweep', 'Configure'] as const;
export type Kind = (typeof KINDS)[number];

/** What functions are given to run at one time; the environments of one are not used again for another. */
export interface Deployment {
  readonly version: Version;
  readonly code: Code;
}

/** From one deployment to the next: each function begins at its own time, and is then called in the new one ever more often. */
interface Rollout {
  readonly from: Deployment;
  readonly to: Deployment;
  readonly beginsAtMs: ReadonlyMap<Kind, number>;
  readonly lastsMs: number;
}

const LONGEST_PAUSE_MS = 20_000;

/** Which code the Lambdas run: for most of the time all the same, and some the one and some the other while a deployment rolls out. */
export class Rollouts {
  readonly #timeline: Timeline;
  readonly #chance: Chance;
  #other: Code | undefined;
  #deployed: Deployment = { version: 'this', code: THIS_CODE };
  #rollout: Rollout | undefined;

  constructor(timeline: Timeline, chance: Chance) {
    this.#timeline = timeline;
    this.#chance = chance;
  }

  /** From now on deployments may bring this code. */
  admit(other: Code): void {
    this.#other = other;
  }

  get isPossible(): boolean {
    return this.#other !== undefined;
  }

  /** The next call of a function goes to an environment of this one. */
  deploymentFor(kind: Kind): Deployment {
    const rollout = this.#rollout;
    if (rollout === undefined) return this.#deployed;
    const { from, to, beginsAtMs, lastsMs } = rollout;
    const passedMs = this.#timeline.now() - (beginsAtMs.get(kind) ?? 0);
    return this.#chance.happens(passedMs / lastsMs) ? to : from;
  }

  /** What may happen with a deed: a deployment of the other code begins, or one that is under way is taken back. */
  act(): 'begun' | 'taken back' | undefined {
    const rollout = this.#rollout;
    if (rollout !== undefined && !this.#isOver(rollout)) {
      if (!this.#chance.happens(0.25)) return undefined;
      this.#begin(rollout.to, rollout.from.version);
      return 'taken back';
    }
    if (rollout !== undefined) this.#deployed = rollout.to;
    this.#rollout = undefined;
    if (!this.#chance.happens(0.6)) return undefined;
    this.begin();
    return 'begun';
  }

  /** From what is deployed to the other. */
  begin(): void {
    this.#begin(this.#deployed, this.#deployed.version === 'this' ? 'other' : 'this');
  }

  /** All is calm: one of the two is everywhere from now on. */
  end(version: Version): void {
    this.#rollout = undefined;
    if (this.#deployed.version !== version) this.#deployed = this.#deploymentOf(version);
  }

  #begin(from: Deployment, version: Version): void {
    const nowMs = this.#timeline.now();
    const lastsMs = this.#chance.pick([2_000, 15_000, 60_000, 240_000] as const);
    // The function that stores the configuration is called once all have their code, though some environments are still the old ones.
    const beginsAtMs = new Map(
      KINDS.map((kind) => [
        kind,
        nowMs + (kind === 'Configure' ? -lastsMs : this.#chance.between(0, LONGEST_PAUSE_MS)),
      ]),
    );
    this.#rollout = { from, to: this.#deploymentOf(version), beginsAtMs, lastsMs };
  }

  #isOver({ beginsAtMs, lastsMs }: Rollout): boolean {
    return this.#timeline.now() >= Math.max(...beginsAtMs.values()) + lastsMs;
  }

  #deploymentOf(version: Version): Deployment {
    if (version === 'this' || this.#other === undefined) return { version: 'this', code: THIS_CODE };
    return { version, code: this.#other };
  }
}
