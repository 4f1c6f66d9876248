import type { Timeline } from '../timeline.ts';

export interface AutoScalingSettings {
  readonly timeline: Timeline;
  /** A fresh string at each call. */
  readonly newId: () => string;
  readonly account: string;
  readonly region: string;
  /** Takes each event in the form in which EventBridge delivers it. */
  readonly emit: (event: Record<string, unknown>) => void;
}

/** A refusal in Auto Scaling's words. */
export class AutoScalingError extends Error {
  readonly code = 'ValidationError';
}

export type LifecycleResult = 'CONTINUE' | 'ABANDON';

export interface Termination {
  readonly instanceId: string;
  readonly group: string;
  readonly hook: string;
  readonly heartbeatSeconds: number;
  /** What follows when the heartbeat runs out. */
  readonly defaultResult: LifecycleResult;
  /** `WarmPool`: the instance is put aside, and not terminated. */
  readonly destination: 'EC2' | 'WarmPool';
  readonly onProceed: (result: LifecycleResult) => void;
}

/** How a call names a waiting action: by the token, or else by the instance. */
export interface ActionName {
  readonly group: string;
  readonly hook: string;
  readonly token?: string;
  readonly instanceId?: string;
}

interface Waiting {
  readonly termination: Termination;
  readonly token: string;
  readonly cancel: () => void;
}

/** Instances that wait at a termination hook ("Amazon EC2 Auto Scaling lifecycle hooks"). Groups themselves are not there. */
export class AutoScalingModel {
  readonly #settings: AutoScalingSettings;
  readonly #waiting = new Map<string, Waiting>();

  constructor(settings: AutoScalingSettings) {
    this.#settings = settings;
  }

  /** An instance comes to the hook, and waits there to be let go on. */
  beginTermination(termination: Termination): void {
    const token = this.#settings.newId();
    this.#wait(termination, token);
    this.#emit(termination, token);
  }

  complete(name: ActionName, result: LifecycleResult): void {
    const { termination, token, cancel } = this.#require(name);
    cancel();
    this.#waiting.delete(token);
    termination.onProceed(result);
  }

  /** "RecordLifecycleActionHeartbeat … extends the timeout by the length of time defined" with the hook. */
  heartbeat(name: ActionName): void {
    const { termination, token, cancel } = this.#require(name);
    cancel();
    this.#wait(termination, token);
  }

  close(): void {
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #wait(termination: Termination, token: string): void {
    const cancel = this.#settings.timeline.after(termination.heartbeatSeconds * 1_000, () => {
      this.#waiting.delete(token);
      termination.onProceed(termination.defaultResult);
    });
    this.#waiting.set(token, { termination, token, cancel });
  }

  #require({ group, hook, token, instanceId }: ActionName): Waiting {
    const found = [...this.#waiting.values()].find(
      ({ termination, token: own }) =>
        termination.group === group &&
        termination.hook === hook &&
        (token === undefined ? termination.instanceId === instanceId : own === token),
    );
    if (found !== undefined) return found;
    const named = token === undefined ? `instance ID ${instanceId ?? ''}` : `token ${token}`;
    throw new AutoScalingError(`No active Lifecycle Action found with ${named}`);
  }

  /** "Amazon EC2 Auto Scaling event reference": EC2 Instance-terminate Lifecycle Action. */
  #emit({ instanceId, group, hook, destination }: Termination, token: string): void {
    const { newId, account, region, timeline, emit } = this.#settings;
    emit({
      version: '0',
      id: newId(),
      'detail-type': 'EC2 Instance-terminate Lifecycle Action',
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
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
        Origin: 'AutoScalingGroup',
        Destination: destination,
      },
    });
  }
}
