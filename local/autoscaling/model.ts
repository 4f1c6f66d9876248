import type { Timeline } from '../timeline.ts';

export interface AutoScalingSettings {
  readonly timeline: Timeline;
  /** A fresh string at each call. */
  readonly newId: () => string;
  readonly account: string;
  readonly region: string;
  /** Takes each event in the form in which EventBridge delivers it. */
  readonly emit: (event: Record<string, unknown>) => void;
  /** What a group does to its instances. */
  readonly instances: {
    readonly terminate: (instanceId: string) => void;
    /** To the warm pool. */
    readonly stop: (instanceId: string) => void;
  };
}

/** A refusal in Auto Scaling's words. */
export class AutoScalingError extends Error {
  readonly code: 'ValidationError' | 'AlreadyExists';

  constructor(message: string, code: AutoScalingError['code'] = 'ValidationError') {
    super(message);
    this.code = code;
  }
}

export type LifecycleResult = 'CONTINUE' | 'ABANDON';
export type Transition = 'launching' | 'terminating';

/** An instance that comes to a hook. */
export interface Arrival {
  readonly transition: Transition;
  readonly instanceId: string;
  readonly group: string;
  readonly hook: string;
  readonly heartbeatSeconds: number;
  /** What follows when the heartbeat runs out. */
  readonly defaultResult: LifecycleResult;
  readonly origin: 'EC2' | 'AutoScalingGroup' | 'WarmPool';
  /** To `WarmPool`: the instance is put aside, and not terminated. */
  readonly destination: 'EC2' | 'AutoScalingGroup' | 'WarmPool';
  readonly onProceed: (result: LifecycleResult) => void;
}

/** How a call names a waiting action: by the token, or else by the instance. */
export interface ActionName {
  readonly group: string;
  readonly hook: string;
  readonly token?: string;
  readonly instanceId?: string;
}

/** How an action came to its end: by a call, by its time, or with its instance. */
export interface Ending {
  readonly arrival: Arrival;
  readonly token: string;
  readonly how: 'completed' | 'expired' | 'forgotten';
  readonly result: LifecycleResult;
  readonly begunAtMs: number;
  /** When its time-out last began anew. */
  readonly beatAtMs: number;
}

interface Waiting {
  readonly arrival: Arrival;
  readonly token: string;
  readonly begunAtMs: number;
  readonly beatAtMs: number;
  /** No heartbeat keeps it waiting beyond. */
  readonly lastMs: number;
  readonly cancel: () => void;
}

/** "A maximum of 48 hours or 100 times the heartbeat timeout, whichever is smaller" (PutLifecycleHook). */
const MAX_WAIT_SECONDS = 48 * 3_600;
const MAX_HEARTBEATS = 100;

const WORDS = {
  launching: { detailType: 'EC2 Instance-launch Lifecycle Action', name: 'autoscaling:EC2_INSTANCE_LAUNCHING' },
  terminating: { detailType: 'EC2 Instance-terminate Lifecycle Action', name: 'autoscaling:EC2_INSTANCE_TERMINATING' },
} as const;

/** Instances that wait at hooks ("Amazon EC2 Auto Scaling lifecycle hooks"). */
export class AutoScalingModel {
  readonly #settings: AutoScalingSettings;
  readonly #waiting = new Map<string, Waiting>();
  readonly #listeners = new Set<(ending: Ending) => void>();

  constructor(settings: AutoScalingSettings) {
    this.#settings = settings;
  }

  /** An instance comes to the hook, and waits there to be let go on. Answers the token of its action. */
  begin(arrival: Arrival): string {
    const token = this.#settings.newId();
    const lastMs =
      this.#settings.timeline.now() + Math.min(MAX_WAIT_SECONDS, MAX_HEARTBEATS * arrival.heartbeatSeconds) * 1_000;
    this.#wait({ arrival, token, lastMs, begunAtMs: this.#settings.timeline.now() });
    this.#emit(arrival, token);
    return token;
  }

  complete(name: ActionName, result: LifecycleResult): void {
    const waiting = this.#require(name);
    waiting.cancel();
    this.#end(waiting, 'completed', result);
    waiting.arrival.onProceed(result);
  }

  /** "RecordLifecycleActionHeartbeat … extends the timeout by the length of time defined" with the hook. */
  heartbeat(name: ActionName): void {
    const waiting = this.#require(name);
    waiting.cancel();
    this.#wait(waiting);
  }

  /** Calls the listener as each action ends, before the instance goes on. The returned function ends that. */
  onEnd(listener: (ending: Ending) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many actions wait. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Whether the instance waits at any hook, or at one of that transition. */
  isWaiting(instanceId: string, transition?: Arrival['transition']): boolean {
    return [...this.#waiting.values()].some(
      ({ arrival }) => arrival.instanceId === instanceId && arrival.transition === (transition ?? arrival.transition),
    );
  }

  /** The instance is gone: nothing waits for it any more. */
  forget(instanceId: string): void {
    for (const waiting of this.#waiting.values()) {
      if (waiting.arrival.instanceId !== instanceId) continue;
      waiting.cancel();
      this.#end(waiting, 'forgotten', 'CONTINUE');
    }
  }

  close(): void {
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #wait({ arrival, token, lastMs, begunAtMs }: Pick<Waiting, 'arrival' | 'token' | 'lastMs' | 'begunAtMs'>): void {
    const { timeline } = this.#settings;
    const beatAtMs = timeline.now();
    const milliseconds = Math.min(arrival.heartbeatSeconds * 1_000, lastMs - beatAtMs);
    const cancel = timeline.after(milliseconds, () => {
      this.#end(waiting, 'expired', arrival.defaultResult);
      arrival.onProceed(arrival.defaultResult);
    });
    const waiting: Waiting = { arrival, token, lastMs, begunAtMs, beatAtMs, cancel };
    this.#waiting.set(token, waiting);
  }

  #end({ arrival, token, begunAtMs, beatAtMs }: Waiting, how: Ending['how'], result: LifecycleResult): void {
    this.#waiting.delete(token);
    for (const listener of this.#listeners) listener({ arrival, token, how, result, begunAtMs, beatAtMs });
  }

  #require({ group, hook, token, instanceId }: ActionName): Waiting {
    const found = [...this.#waiting.values()].find(
      ({ arrival, token: own }) =>
        arrival.group === group &&
        arrival.hook === hook &&
        (token === undefined ? arrival.instanceId === instanceId : own === token),
    );
    if (found !== undefined) return found;
    const named = token === undefined ? `instance ID ${instanceId ?? ''}` : `token ${token}`;
    throw new AutoScalingError(`No active Lifecycle Action found with ${named}`);
  }

  /** "Amazon EC2 Auto Scaling event reference". */
  #emit({ transition, instanceId, group, hook, origin, destination }: Arrival, token: string): void {
    const { newId, account, region, timeline, emit } = this.#settings;
    emit({
      version: '0',
      id: newId(),
      'detail-type': WORDS[transition].detailType,
      source: 'aws.autoscaling',
      account,
      time: `${new Date(timeline.now()).toISOString().slice(0, 19)}Z`,
      region,
      resources: [`arn:aws:autoscaling:${region}:${account}:autoScalingGroup:${newId()}:autoScalingGroupName/${group}`],
      detail: {
        LifecycleActionToken: token,
        AutoScalingGroupName: group,
        LifecycleHookName: hook,
        EC2InstanceId: instanceId,
        LifecycleTransition: WORDS[transition].name,
        Origin: origin,
        Destination: destination,
      },
    });
  }
}
