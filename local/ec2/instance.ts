export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';

export const STATE_CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export interface StateReason {
  readonly code: string;
  readonly message: string;
}

export interface NetworkInterface {
  readonly id: string;
  readonly attachmentId: string;
  /** Undefined once the instance is going: it is released then. */
  readonly privateAddress?: string;
  readonly ipv6Addresses: readonly string[];
}

/** One instance at one moment; a change makes a new value. */
export interface Instance {
  readonly id: string;
  readonly reservationId: string;
  readonly launchIndex: number;
  readonly imageId: string;
  readonly type: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly state: InstanceState;
  readonly stateReason?: StateReason;
  readonly transitionReason: string;
  /** Of the last start, in whole seconds, as EC2 tells it. */
  readonly launchTimeMs: number;
  readonly terminatedAtMs?: number;
  readonly spot: boolean;
  readonly clientToken?: string;
  readonly instanceProfile?: string;
  /** The first is the primary one. */
  readonly interfaces: readonly NetworkInterface[];
  /** Whether it gets a public address of its own whenever it runs without an Elastic IP. */
  readonly autoAssignPublic: boolean;
  readonly autoPublicAddress?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly tagVersion: number;
  readonly impairedSinceMs?: number;
}

export function primaryPrivateAddress(instance: Instance): string | undefined {
  return instance.interfaces[0]?.privateAddress;
}

export function isGoing(instance: Instance): boolean {
  return instance.state === 'shutting-down' || instance.state === 'terminated';
}
