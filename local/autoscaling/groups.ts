import {
  type AutoScalingModel,
  AutoScalingError,
  type AutoScalingSettings,
  type LifecycleResult,
  type Transition,
} from './model.ts';

export interface LifecycleHook {
  readonly group: string;
  readonly name: string;
  readonly transition: Transition;
  readonly heartbeatSeconds: number;
  readonly defaultResult: LifecycleResult;
}

/** "HeartbeatTimeout … from 30 to 7200 seconds" (PutLifecycleHook, Amazon EC2 Auto Scaling API Reference). */
const SHORTEST_SECONDS = 30;
const LONGEST_SECONDS = 7_200;

/** Groups, their instances and their hooks. They launch nothing by themselves: instances are attached. */
export class ScalingGroups {
  readonly #model: AutoScalingModel;
  readonly #instances: AutoScalingSettings['instances'];
  readonly #hooks = new Map<string, LifecycleHook[]>();
  readonly #groupOf = new Map<string, string>();

  constructor(model: AutoScalingModel, instances: AutoScalingSettings['instances']) {
    this.#model = model;
    this.#instances = instances;
  }

  get names(): readonly string[] {
    return [...this.#hooks.keys()].sort();
  }

  instancesOf(group: string): readonly string[] {
    return [...this.#groupOf].filter(([, each]) => each === group).map(([instanceId]) => instanceId);
  }

  create(group: string): void {
    if (this.#hooks.has(group))
      throw new AutoScalingError(`AutoScalingGroup by this name already exists - ${group}`, 'AlreadyExists');
    this.#hooks.set(group, []);
  }

  putHook(hook: LifecycleHook): void {
    const { heartbeatSeconds } = hook;
    if (!(heartbeatSeconds >= SHORTEST_SECONDS && heartbeatSeconds <= LONGEST_SECONDS)) {
      throw new AutoScalingError(
        `Heartbeat timeout must be between ${SHORTEST_SECONDS} and ${LONGEST_SECONDS} seconds, not ${heartbeatSeconds}`,
      );
    }
    const others = this.hooksOf(hook.group).filter(({ name }) => name !== hook.name);
    this.#hooks.set(hook.group, [...others, hook]);
  }

  hooksOf(group: string): readonly LifecycleHook[] {
    const hooks = this.#hooks.get(group);
    if (hooks === undefined) throw new AutoScalingError(`AutoScalingGroup name not found - no such group: ${group}`);
    return hooks;
  }

  /** "Lifecycle hooks are not run for instances that are attached" ("Amazon EC2 Auto Scaling lifecycle hooks"). */
  attach(group: string, instanceIds: readonly string[]): void {
    this.hooksOf(group);
    for (const instanceId of instanceIds) this.#groupOf.set(instanceId, group);
  }

  /** An instance that the group has launched comes to its launch hooks. */
  launched(group: string, instanceId: string): void {
    this.#groupOf.set(instanceId, group);
    this.#stopAt('launching', group, instanceId, { origin: 'EC2', destination: 'AutoScalingGroup' }, (result) => {
      if (result === 'ABANDON') this.#instances.terminate(instanceId);
    });
  }

  /** Scales the instance in: it waits at the group's hooks, and is terminated, or put into the warm pool. */
  remove(instanceId: string, destination: 'EC2' | 'WarmPool' = 'EC2'): void {
    const group = this.#groupOf.get(instanceId);
    if (group === undefined)
      throw new AutoScalingError(`Instance Id not found - No managed instance found for instance ID: ${instanceId}`);
    this.#stopAt('terminating', group, instanceId, { origin: 'AutoScalingGroup', destination }, () => {
      if (destination === 'WarmPool') {
        this.#instances.stop(instanceId);
        return;
      }
      this.#groupOf.delete(instanceId);
      this.#instances.terminate(instanceId);
    });
  }

  /** All hooks of the transition at once; it goes on when none is left, or as soon as one abandons it. */
  #stopAt(
    transition: Transition,
    group: string,
    instanceId: string,
    way: { readonly origin: 'EC2' | 'AutoScalingGroup'; readonly destination: 'EC2' | 'AutoScalingGroup' | 'WarmPool' },
    onProceed: (result: LifecycleResult) => void,
  ): void {
    const hooks = this.hooksOf(group).filter((hook) => hook.transition === transition);
    let left = hooks.length;
    const goOn = (result: LifecycleResult) => {
      left -= 1;
      if (left > 0 && result === 'CONTINUE') return;
      left = 0;
      this.#model.forget(instanceId);
      onProceed(result);
    };
    if (hooks.length === 0) onProceed('CONTINUE');
    for (const { name, heartbeatSeconds, defaultResult } of hooks) {
      this.#model.begin({
        transition,
        instanceId,
        group,
        hook: name,
        heartbeatSeconds,
        defaultResult,
        ...way,
        onProceed: goOn,
      });
    }
  }
}
