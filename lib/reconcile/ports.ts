import type { ElasticAddress } from '../model/address.ts';
import type { CallLevel } from '../model/call-level.ts';
import type { Clock, Random } from '../model/clock.ts';
import type { WireChange } from '../model/change.ts';
import type { LifecycleAction } from '../model/drain-progress.ts';
import type { Fact } from '../model/fact.ts';
import type { CheckedEndpoint, OwnedCheck } from '../model/health-check.ts';
import type { StatusVerdict } from '../model/health.ts';
import type { InstanceDescription } from '../model/instance.ts';
import type { JournalEntry, JournalRecord } from '../model/journal.ts';
import type { GroupHead, Intent, Ledger, LedgerSet, Mark, NewMark, Note, Pace, ZoneTrouble } from '../model/ledger.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Member } from '../model/member.ts';
import type { Counter } from '../model/counter.ts';
import type { ObservedSet } from '../model/record-set.ts';
import type { Request, RequestOutcome } from '../model/request.ts';
import type { Installation, Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import type { StoredToken } from '../model/token.ts';
import type { SweepLease, SweepRecord } from '../model/sweep.ts';
import type { DrainRegistry } from './drain-port.ts';
import type { ReverseDnsPort } from './reverse-dns-port.ts';
import type { SlotsRegistry } from './slots-port.ts';

export type { DrainRegistry } from './drain-port.ts';
export type { ReverseDnsOutcome, ReverseDnsPort } from './reverse-dns-port.ts';
export type { MarkRenewal, Renewed, Seating, SlotWrite, StandingSlot } from './slots-port.ts';

/** What Route 53 made of a batch. Only `unknown` may have taken effect without our knowing. */
export type DnsOutcome =
  | { readonly kind: 'accepted'; readonly changeId: string }
  | { readonly kind: 'rejected'; readonly message: string }
  | { readonly kind: 'throttled' | 'busy' | 'zone-gone' | 'access-denied' | 'unknown'; readonly message: string };

export type CheckOutcome =
  | { readonly kind: 'created'; readonly id: string }
  /** `used-up`: the reference is that of a deleted check, or of another; `full`: the account may have no more. */
  | {
      readonly kind: 'used-up' | 'full' | 'throttled' | 'access-denied' | 'rejected' | 'unknown';
      readonly message: string;
    };

export type CheckRemoval = {
  readonly kind: 'done' | 'throttled' | 'access-denied' | 'rejected' | 'unknown';
  readonly message?: string;
};

/** Route 53, for one zone at a time. Reads throw `ServiceFailure`. */
export interface Dns {
  /** One ChangeResourceRecordSets, sent once: a repetition by the client would hide an unknown outcome. */
  change(zoneId: string, changes: readonly WireChange[], comment: string): Promise<DnsOutcome>;
  /** Every set of this name and type (several only where a routing policy has set identifiers). One call. */
  read(zoneId: string, name: string, type: string): Promise<readonly ObservedSet[]>;
  /** One page of at most 300 sets, in Route 53's order. */
  page(
    zoneId: string,
    cursor?: DnsCursor,
  ): Promise<{ readonly sets: readonly ObservedSet[]; readonly next?: DnsCursor }>;
  /** Whether all of Route 53's name servers know of the change; `unknown` where it is not remembered. */
  changeStatus(changeId: string): Promise<'pending' | 'in-sync' | 'unknown'>;
  /** The same reference and endpoint again answer the check that is there. */
  createCheck(reference: string, endpoint: CheckedEndpoint): Promise<CheckOutcome>;
  /** One that no longer exists is success. */
  deleteCheck(id: string): Promise<CheckRemoval>;
}

export interface DnsCursor {
  readonly name: string;
  readonly type: string;
  readonly setIdentifier?: string;
}

export type AssociateOutcome =
  | { readonly kind: 'associated'; readonly associationId: string }
  | {
      readonly kind: 'already-associated' | 'not-ready' | 'gone' | 'throttled' | 'access-denied' | 'unknown';
      readonly message: string;
    };

/** An instance, by its primary interface where it has several. */
export interface AssociationTarget {
  readonly instanceId: string;
  readonly primaryInterfaceId?: string;
}

/** EC2. Reads throw `ServiceFailure`. */
export interface Compute extends ReverseDnsPort {
  /** One filtered, paginated DescribeInstances for all ids; unknown ids are simply not returned. */
  describe(instanceIds: readonly string[]): Promise<readonly InstanceDescription[]>;
  /** Every instance that carries the role tag, whatever its state; all pages, or it throws. */
  describeTagged(): Promise<readonly InstanceDescription[]>;
  /** Every Elastic IP of the account in this region: DescribeAddresses has no pages. */
  describeAddresses(): Promise<readonly ElasticAddress[]>;
  /** TerminateInstances of this one; an instance that is going already is `done`. */
  terminate(instanceId: string): Promise<CallOutcome>;
  /** AssociateAddress, sent once; `mayTake`: also from an instance that has the address (AllowReassociation). */
  associate(
    allocationId: string,
    target: AssociationTarget,
    how: { readonly mayTake: boolean },
  ): Promise<AssociateOutcome>;
  /** DisassociateAddress of exactly this association; one that no longer exists is success. */
  disassociate(
    associationId: string,
  ): Promise<{ readonly kind: 'done' | 'throttled' | 'access-denied' | 'unknown'; readonly message?: string }>;
}

/** What became of a call that may be made again without harm. */
export type CallOutcome = {
  readonly kind: 'done' | 'throttled' | 'access-denied' | 'gone' | 'unknown';
  readonly message?: string;
};

/** The lifecycle hooks of Auto Scaling. */
export interface Hooks {
  /** CompleteLifecycleAction, always with CONTINUE. `gone`: no such action waits any more. */
  complete(action: LifecycleAction): Promise<CallOutcome>;
  /** RecordLifecycleActionHeartbeat: the time-out of the action begins anew. */
  heartbeat(action: LifecycleAction): Promise<CallOutcome>;
  /** The hook's heartbeat time-out, or undefined where it cannot be read. */
  heartbeatSeconds(action: Pick<LifecycleAction, 'group' | 'hook'>): Promise<number | undefined>;
}

/** A CloudWatch alarm in ALARM. */
export interface AlarmRead {
  readonly name: string;
  /** The values of the dimension `InstanceId` in its metrics. */
  readonly instanceIds: readonly string[];
  /** When it came to be in ALARM. */
  readonly atMs: number;
}

/** What AWS says of the health of instances: everything, or it throws `ServiceFailure`. */
export interface HealthReads {
  /** The status checks of every running instance of the account in this region. */
  statuses(): Promise<ReadonlyMap<string, StatusVerdict>>;
  /** The alarms in ALARM whose names begin so. */
  inAlarm(prefix: string): Promise<readonly AlarmRead[]>;
  /** The ids of all Route 53 health checks of the account; undefined where there are too many to read. */
  checks(): Promise<ReadonlySet<string> | undefined>;
}

export interface RoleState {
  readonly role: string;
  /** Absent when the configuration does not have the role (any more). */
  readonly definition?: Role;
  readonly members: readonly Member[];
  readonly slots: readonly Slot[];
  /** The work groups of the definition that is stored. */
  readonly groups?: readonly string[];
}

/** What a group has to do. */
export interface GroupWork {
  readonly head?: GroupHead;
  readonly marks: readonly Mark[];
  readonly intents: readonly Intent[];
  readonly requests: readonly Request[];
  /** Marks and requests of a kind that this version does not know, which another at work wrote: by key. Absent: none. */
  readonly unknown?: readonly string[];
  /** All of the group's, read on after the rest where it is small; absent where it is not. */
  readonly ledger?: Ledger;
}

/** One fact's write: the condition is that the stored version is still `before.version`. */
export interface FactUpdate {
  readonly before: Fact;
  readonly after: Fact;
  /** Members as they now are; a member of `before` that is missing here is removed. */
  readonly members: readonly Member[];
  readonly removedRoles: readonly string[];
  readonly marks: readonly NewMark[];
  /** Written with it: what is said of it is never lost, nor said twice. Absent: nothing. */
  readonly journal?: readonly JournalEntry[];
  /** It is asked to leave anew: its drain is opened, or looked at again, as of then. */
  readonly drainAtMs?: number;
}

/** What the ledger is to hold from now on, with nothing changed in the zone. */
export interface LedgerEdit {
  readonly zoneId: string;
  /** It is only written while the zone's serial in the registry is this. */
  readonly fromSerial: number | undefined;
  /** And the epoch is this; absent: whatever it is. */
  readonly epoch?: number;
  /** And the epoch moves on: what others planned before would be wrong. */
  readonly movesEpoch?: true;
  readonly put: readonly LedgerSet[];
  readonly remove: readonly LedgerSet[];
  /** By how many the sets that we own grow. */
  readonly grown: number;
  readonly putMarks: readonly NewMark[];
  readonly putNotes: readonly Note[];
  readonly clearNotes: readonly Note[];
  readonly journal: readonly JournalEntry[];
}

/** What follows an accepted batch, all at once (in parts of at most 100 items, each fenced by the serial). */
export interface Commit {
  readonly intent: Intent;
  /** Absent where Route 53's answer was lost. */
  readonly changeId?: string;
  /** Sets that stay as they are in the zone, and of which the ledger learns something. */
  readonly restated?: readonly LedgerSet[];
  /** Absent: the next request may hold whatever Route 53 allows. */
  readonly pace?: Pace;
  /** That Route 53 took the batch does not end what troubles the zone. */
  readonly keepsTrouble?: true;
  readonly clearMarks: readonly Mark[];
  readonly putNotes: readonly Note[];
  readonly clearNotes: readonly Note[];
  readonly journal: readonly JournalEntry[];
}

/** What a pass leaves behind that needs no batch. */
export interface Settlement {
  /** As it was read: nothing is written where another has put an intent, or settled, since. Absent: whatever others did. */
  readonly head?: Pick<GroupHead, 'epoch' | 'retired'>;
  readonly dropIntents: readonly Intent[];
  readonly clearMarks: readonly Mark[];
  readonly putNotes: readonly Note[];
  readonly clearNotes: readonly Note[];
  readonly journal: readonly JournalEntry[];
  /** Of EC2's, by the pass of the addresses; absent where it made none. */
  readonly calls?: CallLevel;
}

export interface Access {
  readonly installation?: Installation;
  readonly fact?: Fact;
  readonly token?: StoredToken;
  readonly counted: number;
}

/** The DynamoDB table. All reads are strongly consistent; every method may throw `ServiceFailure`. */
export interface Registry extends DrainRegistry, SlotsRegistry {
  /** One call: the installation and the facts of these instances. */
  readFacts(
    instanceIds: readonly string[],
  ): Promise<{ readonly installation?: Installation; readonly facts: readonly Fact[] }>;
  /** Every fact: for the sweep. */
  readAllFacts(): Promise<{ readonly installation?: Installation; readonly facts: readonly Fact[] }>;
  /**
   * Returns the ids whose stored version was another; they are not written. With a holder, only as long as that is the last
   * that took the sweep's lease: otherwise it throws `ServiceFailure`.
   */
  saveFacts(updates: readonly FactUpdate[], holder?: string): Promise<readonly string[]>;
  /** Which of these (group, instance) marks exist. One call. */
  dirtyGroups(
    instances: readonly { readonly instanceId: string; readonly groups: readonly string[] }[],
  ): Promise<readonly string[]>;
  putMarks(marks: readonly NewMark[]): Promise<void>;

  /**
   * The head and every mark, unresolved intent and open request of a group, and a small ledger, in one query and in this
   * order: no plan reads anything before it. Requests come in the order of their asking.
   */
  readGroup(group: string): Promise<GroupWork>;
  /** The pass of its group does it: the asker wakes that. */
  putRequest(request: Omit<Request, 'outcome'>): Promise<void>;
  readRequest(group: string, id: string): Promise<Request | undefined>;
  /** False when it was answered before, or is not there any more: nothing is written. */
  answerRequest(request: Pick<Request, 'group' | 'id'>, outcome: RequestOutcome): Promise<boolean>;
  readRole(role: string): Promise<RoleState>;
  /** The ledger of one role, or of all. */
  readLedger(zoneId: string, role?: string): Promise<Ledger>;
  /**
   * Writes a health check's item: new without `before`, gone without `after`. False, and nothing written, when it is not
   * (any more) as `before` has it.
   */
  saveCheck(zoneId: string, before: OwnedCheck | undefined, after: OwnedCheck | undefined): Promise<boolean>;
  /**
   * `superseded`, and nothing written: another has put an intent, or settled, since the head was read. Throws `ServiceFailure`
   * where the zone was retired since: only a retirement itself writes then.
   */
  putIntent(intent: Intent, head: Pick<GroupHead, 'epoch' | 'retired'>): Promise<'put' | 'superseded'>;
  /**
   * The intent took effect: sets, serial, marks, notes, journal. `superseded`: another already moved the serial on;
   * `marked-anew`: committed, but a mark is another than it was read, and stays.
   */
  commit(commit: Commit, acceptedAtMs: number): Promise<'committed' | 'marked-anew' | 'superseded'>;
  /** Fenced by the serial like a commit; `superseded`: nothing more was written. */
  editLedger(edit: LedgerEdit): Promise<'written' | 'superseded'>;
  /** Intents that can no longer take effect, and marks and notes of a pass that needed no batch. */
  settle(group: string, done: Settlement): Promise<'settled' | 'marked-anew' | 'superseded'>;

  journal(entries: readonly JournalEntry[]): Promise<void>;

  readInstallation(): Promise<Installation | undefined>;
  /**
   * Writes what `before` is `changing`, each group's head and each role's definition (`removedRoles` lose theirs), then the
   * marks, and the installation last: interrupted anywhere, the next request, the same or another, finds what was changed.
   * The serial of a zone that is in `before` stays under the owner it stands under.
   */
  install(
    installation: Installation,
    before: Installation | undefined,
    removedRoles: readonly string[],
    marks: readonly NewMark[],
  ): Promise<void>;
  /** Marks the installation and every head retired: no pass creates anything from then on. */
  retire(installation: Installation): Promise<void>;

  /** One call: all that tells whether a login counts, and what it is for. `name` is absent where there is no login. */
  readAccess(name: string | undefined, counter: Counter): Promise<Access>;
  readTokens(): Promise<readonly StoredToken[]>;
  /** False where one of this name is there already, for a new token; or is not there, for another in its place. */
  putToken(token: StoredToken, isNew: boolean): Promise<boolean>;
  /** False where there was none. */
  removeToken(name: string): Promise<boolean>;
  /** Counts one more; false, and not counted, where the limit is reached. */
  count(counter: Counter, limit: number): Promise<boolean>;

  /** Undefined when another sweep holds the lease. */
  takeSweepLease(holder: string, nowMs: number, untilMs: number): Promise<SweepLease | undefined>;
  /** `completeAtMs`: when the holder began, where no part of it failed. */
  releaseSweepLease(holder: string, completeAtMs?: number): Promise<void>;
  /** What the sweep leaves of itself for people. */
  recordSweep(record: SweepRecord): Promise<void>;
  /** Remembered until the zone next accepts a batch. */
  writeTrouble(group: string, trouble: ZoneTrouble, sinceMs: number): Promise<void>;
  /** No pass writes to the zone before the rest is over; the next accepted batch replaces it. */
  writePace(group: string, pace: Pace): Promise<void>;
  /** Where the audit of a zone too large for one minute goes on; `undefined`: at its start. */
  writeAuditCursor(zoneId: string, cursor: DnsCursor | undefined): Promise<void>;
}

/** What only people ask the registry for. */
export interface History {
  /** What was written from one time up to another, both included, oldest first; of more than `newest` the last so many. */
  readJournal(fromMs: number, toMs: number, newest?: number): Promise<readonly JournalRecord[]>;
  readLastSweep(): Promise<SweepRecord | undefined>;
}

export interface WakeUp {
  readonly kind: 'wake';
  readonly group: string;
  /** 0 at first; rises with each deferral. */
  readonly attempt: number;
}

export interface ReadAgain {
  readonly kind: 'read-again';
  readonly instanceIds: readonly string[];
  readonly attempt: number;
}

export interface WorkQueue {
  /** One message a group to the FIFO queue, each with a fresh deduplication id. */
  wake(wakeUps: readonly WakeUp[]): Promise<void>;
  /** To the queue of delayed messages. */
  later(message: WakeUp | ReadAgain, delaySeconds: number): Promise<void>;
  /** The body of a message to the same queue, as it is. */
  putAside(body: string): Promise<void>;
}

/** One JSON line a state change, on stdout in a Lambda. */
export interface Log {
  journal(entry: JournalEntry): void;
  /** What the journal does not tell by itself. */
  measure(measurements: readonly Measurement[]): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** What every pass reaches outside itself. */
export interface CorePorts {
  readonly registry: Registry;
  readonly queue: WorkQueue;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}

export interface ZonePorts extends CorePorts {
  readonly dns: Dns;
}

export interface ComputePorts extends CorePorts {
  readonly compute: Compute;
}

export interface Ports extends ZonePorts, ComputePorts {}

export interface SweepPorts extends Ports {
  readonly health: HealthReads;
}

/** What the passes of all groups reach. */
export interface PassPorts extends Ports {
  readonly hooks: Hooks;
}
