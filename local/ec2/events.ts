import type { Ec2Settings } from './settings.ts';

/** The events of EC2 as EventBridge delivers them, sent through `settings.emit`. */
export class Ec2Events {
  readonly #settings: Ec2Settings;

  constructor(settings: Ec2Settings) {
    this.#settings = settings;
  }

  /** "State change events for your instances" (Amazon EC2 User Guide). */
  stateChange(instanceId: string, state: string): void {
    this.#emit('aws.ec2', 'EC2 Instance State-change Notification', [this.instanceArn(instanceId)], {
      'instance-id': instanceId,
      state,
    });
  }

  /** "Spot Instance interruption notices": its ARN names the availability zone and no account. */
  spotInterruption(instanceId: string, zone: string, action: string): void {
    this.#emit('aws.ec2', 'EC2 Spot Instance Interruption Warning', [`arn:aws:ec2:${zone}:instance/${instanceId}`], {
      'instance-id': instanceId,
      'instance-action': action,
    });
  }

  /** "EC2 instance rebalance recommendations". */
  rebalance(instanceId: string): void {
    this.#emit('aws.ec2', 'EC2 Instance Rebalance Recommendation', [this.instanceArn(instanceId)], {
      'instance-id': instanceId,
    });
  }

  /** "Monitor tag changes with serverless workflows and Amazon EventBridge" (Tag Editor User Guide). */
  tagChange(
    resource: { readonly type: string; readonly id: string },
    changedKeys: readonly string[],
    tags: Readonly<Record<string, string>>,
    version: number,
  ): void {
    const { region, account } = this.#settings;
    this.#emit(
      'aws.tag',
      'Tag Change on Resource',
      [`arn:aws:ec2:${region}:${account}:${resource.type}/${resource.id}`],
      {
        'changed-tag-keys': [...changedKeys],
        tags: { ...tags },
        service: 'ec2',
        'resource-type': resource.type,
        version,
      },
    );
  }

  instanceArn(instanceId: string): string {
    return `arn:aws:ec2:${this.#settings.region}:${this.#settings.account}:instance/${instanceId}`;
  }

  #emit(source: string, detailType: string, resources: readonly string[], detail: Record<string, unknown>): void {
    const { newId, account, region, timeline, emit } = this.#settings;
    emit({
      version: '0',
      id: newId(),
      'detail-type': detailType,
      source,
      account,
      time: `${new Date(timeline.now()).toISOString().slice(0, 19)}Z`,
      region,
      resources: [...resources],
      detail,
    });
  }
}
