import type { InstanceState } from '../model/instance.ts';

/** Where and when an event happened. EventBridge's time has a resolution of one second. */
export interface Origin {
  readonly atMs: number;
  readonly account: string;
  readonly region: string;
}

export interface InstanceStateChange extends Origin {
  readonly kind: 'instance-state';
  readonly instanceId: string;
  readonly state: InstanceState;
}

interface TagChange extends Origin {
  /** All tags after the change. */
  readonly tags: Readonly<Record<string, string>>;
  /** Added, changed and removed keys; a removed one is not in `tags`. */
  readonly changedKeys: readonly string[];
  readonly version: number;
}

export interface InstanceTagChange extends TagChange {
  readonly kind: 'tags-changed';
  readonly instanceId: string;
}

export interface AddressTagChange extends TagChange {
  readonly kind: 'address-tags-changed';
  readonly allocationId: string;
}

export interface SpotWarning extends Origin {
  readonly kind: 'spot-warning';
  readonly instanceId: string;
  readonly action: 'stop' | 'terminate' | 'hibernate';
}

export interface RebalanceRecommendation extends Origin {
  readonly kind: 'rebalance';
  readonly instanceId: string;
}

/** `account` and `region` are the affected ones, not those that the event was delivered to. */
export interface HealthNotice extends Origin {
  readonly kind: 'health';
  /** The affected instances of this page; other resources are left out. */
  readonly instanceIds: readonly string[];
  readonly eventTypeCode: string;
  readonly startsAtMs?: number;
  readonly statusCode: 'open' | 'closed' | 'upcoming';
  /** The same for every copy and every page of one notice. */
  readonly communicationId: string;
  readonly page: number;
  readonly totalPages: number;
  /** A copy that AWS Health sent to the backup region. */
  readonly backup: boolean;
}

export interface AlarmChange extends Origin {
  readonly kind: 'alarm';
  readonly alarmName: string;
  /** The values of the dimension `InstanceId` in the alarm's metrics; a composite alarm has none. */
  readonly instanceIds: readonly string[];
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
}

export interface LifecycleAction extends Origin {
  readonly kind: 'lifecycle';
  readonly transition: 'launching' | 'terminating';
  readonly instanceId: string;
  readonly token: string;
  readonly group: string;
  readonly hook: string;
  /** `EC2`, `AutoScalingGroup` or `WarmPool`. To `WarmPool` is no termination. */
  readonly origin?: string;
  readonly destination?: string;
}

/** Our own message: a work group has something to do. */
export interface Wake {
  readonly kind: 'wake';
  readonly group: string;
  readonly attempt: number;
}

/** Our own message: what EC2 showed of these instances was not complete yet. */
export interface ReadAgainRequest {
  readonly kind: 'read-again';
  readonly instanceIds: readonly string[];
  readonly attempt: number;
}

/** Well formed and no concern of ours. */
export interface Ignored {
  readonly kind: 'ignored';
  readonly what: string;
}

export type Observation =
  | InstanceStateChange
  | InstanceTagChange
  | AddressTagChange
  | SpotWarning
  | RebalanceRecommendation
  | HealthNotice
  | AlarmChange
  | LifecycleAction
  | Wake
  | ReadAgainRequest
  | Ignored;
