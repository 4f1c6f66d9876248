import type { Timeline } from '../timeline.ts';

/** How long things take in the local account. */
export interface Lifecycle {
  readonly pendingMs: number;
  readonly stoppingMs: number;
  readonly shuttingDownMs: number;
  /** From the spot interruption warning to the interruption. */
  readonly spotNoticeMs: number;
  /** From termination to the moment its tags are no longer listed. */
  readonly tagsKeptMs: number;
  /** From termination to the moment it is no longer listed. */
  readonly terminatedListedMs: number;
  /** From ModifyAddressAttribute or ResetAddressAttribute to the change of the reverse DNS. */
  readonly reverseDnsMs: number;
  /** How long a freed address rests before it is given again. */
  readonly quarantineMs: number;
  /** The most that one page holds, whatever MaxResults asks for. */
  readonly pageSize: number;
}

/** Terminated instances are listed "for approximately one hour" (TerminateInstances); the notice is two minutes. */
export const DEFAULT_LIFECYCLE: Lifecycle = {
  pendingMs: 700,
  stoppingMs: 1_500,
  shuttingDownMs: 1_500,
  spotNoticeMs: 120_000,
  tagsKeptMs: 600_000,
  terminatedListedMs: 3_600_000,
  reverseDnsMs: 1_500,
  quarantineMs: 0,
  pageSize: 1_000,
};

export interface Ec2Settings {
  readonly timeline: Timeline;
  /** A fresh string at each call. */
  readonly newId: () => string;
  readonly account: string;
  readonly region: string;
  /** Takes each event in the form in which EventBridge delivers it. */
  readonly emit: (event: Record<string, unknown>) => void;
  /** Whether a name is known to have this address, as public resolvers see it. @default - no name is */
  readonly resolvesTo?: (name: string, address: string) => boolean;
  readonly lifecycle?: Partial<Lifecycle>;
}
