import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Fact, membersOf, TOMBSTONE_DAYS } from '../../model/fact.ts';
import { ServiceFailure } from '../../model/errors.ts';
import type { JournalEntry, JournalRecord } from '../../model/journal.ts';
import { endpointKey, type OwnedCheck } from '../../model/health-check.ts';
import {
  type GroupHead,
  type Intent,
  type LedgerSet,
  type Mark,
  type NewMark,
  type Note,
  ZONE_TROUBLES,
  type ZoneTrouble,
} from '../../model/ledger.ts';
import type {
  DrainedEntry,
  DrainProgress,
  LifecycleAction,
  OpenDrain,
  Withdrawal,
} from '../../model/drain-progress.ts';
import type { Member } from '../../model/member.ts';
import { setKey } from '../../model/record-set.ts';
import type { Request } from '../../model/request.ts';
import type { Installation, Role } from '../../model/role.ts';
import type { SweepLease, SweepRecord } from '../../model/sweep.ts';
import type { Counter } from '../../model/counter.ts';
import type { Slot } from '../../model/slot.ts';
import type { StoredToken } from '../../model/token.ts';
import type { Zone } from '../../model/zone.ts';
import type { Renewed, StandingSlot } from '../../reconcile/ports.ts';

/**
 * The table's items. What no expression needs is JSON in `body`.
 *
 * ```
 * pk                  sk                              what
 * installation        installation                    the resolved configuration
 * facts               i-…, <host>                     a fact; version
 * tokens              <name>                          the hash of a host's or a reader's token
 * limit#<what>        <window>                        how often it came in that time; count
 * role#<role>         definition                      the role as configured
 *                     member#<instance>               a member
 *                     slot#<ordinal>                  a slot; version
 * group#<group>       0#head                          serial, batch, ownedSets, retired, epoch
 *                     1#mark#<subject>                a dirty mark; stamp, since, roles, reason, seated
 *                     2#intent#<batch>                a batch whose outcome is not settled
 *                     2#request#<id>                  what was asked for from outside; outcome; gone after a day
 *                     3#<role>#set#<name|type|id>     a set that we own
 *                     3#<role>#check#<endpoint>       a Route 53 health check; version
 *                     3#<role>#note#<…>               a standing refusal
 * journal#<day>       <time>#<id>                     journal entries; gone after 30 days
 * drains              <instance>                      an open drain; since, next, stamp, drained
 * drain#<instance>    action#<token>                  a lifecycle action that it waits or waited at; gone after 3 days
 *                     gone#<zone>#<batch>             a batch that took it out of a zone; gone after a day
 * sweep               lease                           who sweeps, until when
 * sweep               last                            when the last full sweep began and ended, what it woke, what failed
 * ```
 *
 * Lambdas of two versions may be at work on one table. What a newer one adds to an item goes into its `body`: a fact keeps it,
 * whoever writes it again; what is made anew, such as a member or a set, has what its writer knows. Marks and requests of a kind
 * that an older one does not know it leaves alone.
 *
 * A pass reads `0#` to `2#` in one query, before anything else, and what of `3#` the same page holds.
 */
export type Item = Record<string, AttributeValue>;
export type Key = { readonly pk: AttributeValue; readonly sk: AttributeValue };

const DAY_SECONDS = 86_400;
export const JOURNAL_DAYS = 30;
const REQUEST_DAYS = 1;
export const COUNTER_KEPT_SECONDS = 3_600;

export function key(pk: string, sk: string): { pk: AttributeValue; sk: AttributeValue } {
  return { pk: { S: pk }, sk: { S: sk } };
}

export const INSTALLATION_KEY = key('installation', 'installation');
export const LEASE_KEY = key('sweep', 'lease');
export const LAST_SWEEP_KEY = key('sweep', 'last');
export const factsPk = 'facts';
export const tokensPk = 'tokens';
export const rolePk = (role: string): string => `role#${role}`;
const HEAD_SK = '0#head';
export const groupPk = (group: string): string => `group#${group}`;
export const headKey = (group: string): Key => key(groupPk(group), HEAD_SK);
export const factKey = (instanceId: string): Key => key(factsPk, instanceId);
export const tokenKey = (name: string): Key => key(tokensPk, name);
export const counterKey = ({ subject, windowStartMs }: Counter): Key =>
  key(`limit#${subject}`, new Date(windowStartMs).toISOString());
export const definitionKey = (role: string): Key => key(rolePk(role), 'definition');
export const memberKey = (role: string, instanceId: string): Key => key(rolePk(role), `member#${instanceId}`);
const slotKey = (slot: Slot): Key => key(rolePk(slot.role), `slot#${String(slot.ordinal).padStart(4, '0')}`);
export const intentKey = (intent: Intent): Key => key(groupPk(intent.zoneId), `2#intent#${intent.batch}`);

export const requestKey = ({ group, id }: Pick<Request, 'group' | 'id'>): Key => key(groupPk(group), `2#request#${id}`);

export const drainsPk = 'drains';
export const openDrainKey = (instanceId: string): Key => key(drainsPk, instanceId);
export const drainPk = (instanceId: string): string => `drain#${instanceId}`;
const actionKey = ({ instanceId, token }: Pick<LifecycleAction, 'instanceId' | 'token'>): Key =>
  key(drainPk(instanceId), `action#${token}`);

/** Where the ledger begins in a group's partition. */
export const LEDGER_FROM = '3';

export function ledgerPrefix(role?: string): string {
  return role === undefined ? '3#' : `3#${role}#`;
}

export function setItemKey(zoneId: string, role: string, recordKey: string): Key {
  return key(groupPk(zoneId), `3#${role}#set#${recordKey}`);
}

export function checkKey(zoneId: string, { role, endpoint }: OwnedCheck): Key {
  return key(groupPk(zoneId), `3#${role}#check#${endpointKey(endpoint)}`);
}

export function checkItem(zoneId: string, check: OwnedCheck): Item {
  return { ...checkKey(zoneId, check), version: { N: String(check.version) }, body: json(check) };
}

export const checkOf = (item: Item): OwnedCheck => written<OwnedCheck>(body(item));

export function noteKey(zoneId: string, note: Note): Key {
  return key(groupPk(zoneId), `3#${note.role}#note#${note.name}|${note.type}|${note.reason}|${note.instance ?? ''}`);
}

export function markKey(mark: Pick<NewMark, 'group' | 'subject'>): Key {
  const { subject } = mark;
  switch (subject.kind) {
    case 'instance':
      return instanceMarkKey(mark.group, subject.instanceId);
    case 'role':
      return key(groupPk(mark.group), `1#mark#role#${subject.role}`);
    case 'set':
      return key(groupPk(mark.group), `1#mark#set#${subject.key}`);
    case 'serial':
      return key(groupPk(mark.group), '1#mark#serial');
  }
}

export function instanceMarkKey(group: string, instanceId: string): Key {
  return key(groupPk(group), `1#mark#instance#${instanceId}`);
}

/** @throws ServiceFailure where it is not there: half an item, as some stand-ins for DynamoDB show one while it is written. */
export function text(item: Item, attribute: string): string {
  const value = item[attribute]?.S;
  if (value !== undefined) return value;
  throw new ServiceFailure('unavailable', `the registry item ${item['pk']?.S} ${item['sk']?.S} has no ${attribute}`);
}

function number(item: Item, attribute: string): number | undefined {
  const value = item[attribute]?.N;
  return value === undefined ? undefined : Number(value);
}

// oxlint-disable typescript/no-unnecessary-type-parameters, typescript/no-unsafe-type-assertion -- only this file writes the items, and the type of each is beside its writer
function written<T>(json: string): T {
  return JSON.parse(json) as T;
}
// oxlint-enable typescript/no-unnecessary-type-parameters, typescript/no-unsafe-type-assertion

const body = (item: Item): string => text(item, 'body');

const json = (value: unknown): AttributeValue => ({ S: JSON.stringify(value) });

/** A fact is kept while the instance is a member, and 30 days after. */
export function factItem(fact: Fact, version: number, nowMs: number): Item {
  const { version: _stored, ...rest } = fact;
  const expires = Math.floor(nowMs / 1000) + TOMBSTONE_DAYS * DAY_SECONDS;
  return {
    ...factKey(fact.instanceId),
    version: { N: String(version) },
    body: json(rest),
    ...(membersOf(fact).length === 0 ? { expiresAt: { N: String(expires) } } : {}),
  };
}

export function factOf(item: Item): Fact {
  return { ...written<Omit<Fact, 'version'>>(body(item)), version: number(item, 'version') ?? 0 };
}

export function bodyItem(itemKey: Key, value: unknown): Item {
  return { ...itemKey, body: json(value) };
}

export const installationOf = (item: Item): Installation => written<Installation>(body(item));
export const definitionOf = (item: Item): Role => written<Role>(body(item));
export const memberOf = (item: Item): Member => written<Member>(body(item));
export const tokenOf = (item: Item): StoredToken => written<StoredToken>(body(item));
export const countOf = (item: Item): number => number(item, 'count') ?? 0;
export const intentOf = (item: Item): Intent => written<Intent>(body(item));

/** The outcome is an attribute of its own: it is written once. */
export function requestItem(request: Omit<Request, 'outcome'>): Item {
  const expires = Math.floor(request.atMs / 1000) + REQUEST_DAYS * DAY_SECONDS;
  return { ...bodyItem(requestKey(request), request), expiresAt: { N: String(expires) } };
}

const KNOWN_REQUESTS: Readonly<Record<Request['body']['kind'], true>> = { move: true, adopt: true, release: true };

/** Whether it asks for something that this version can do. */
export function isKnownRequest(item: Item): boolean {
  const { body: asked } = written<{ readonly body: { readonly kind: string } }>(body(item));
  return Object.hasOwn(KNOWN_REQUESTS, asked.kind);
}

export function requestOf(item: Item): Request {
  const outcome = item['outcome']?.S;
  return {
    ...written<Request>(body(item)),
    ...(outcome === undefined ? {} : { outcome: written<NonNullable<Request['outcome']>>(outcome) }),
  };
}

export function openDrainOf(item: Item): OpenDrain {
  return {
    instanceId: text(item, 'sk'),
    sinceMs: number(item, 'since') ?? 0,
    nextAtMs: number(item, 'next') ?? 0,
    stamp: text(item, 'stamp'),
    ...(item['drained'] === undefined ? {} : { drained: written<DrainedEntry[]>(text(item, 'drained')) }),
  };
}

const ACTION_DAYS = 3;
const WITHDRAWAL_DAYS = 1;

/** Longer than any action may wait, 48 hours: one that is told again is known. */
export function actionItem(action: LifecycleAction): Item {
  return { ...bodyItem(actionKey(action), action), ...expiry(action.atMs, ACTION_DAYS) };
}

export function withdrawalItem(withdrawal: Withdrawal): Item {
  const { instanceId, zoneId, batch, acceptedAtMs } = withdrawal;
  const itemKey = key(drainPk(instanceId), `gone#${zoneId}#${batch}`);
  return { ...bodyItem(itemKey, withdrawal), ...expiry(acceptedAtMs, WITHDRAWAL_DAYS) };
}

export function drainProgressOf(found: readonly Item[]): DrainProgress {
  const of = (prefix: string) => found.filter((item) => text(item, 'sk').startsWith(prefix));
  return {
    actions: of('action#').map((item) => written<LifecycleAction>(body(item))),
    withdrawals: of('gone#').map((item) => written<Withdrawal>(body(item))),
  };
}

function expiry(atMs: number, days: number): Item {
  return { expiresAt: { N: String(Math.floor(atMs / 1000) + days * DAY_SECONDS) } };
}

export function slotItem(slot: Slot, renewed?: Renewed): Item {
  return {
    ...slotKey(slot),
    version: { N: String(slot.version) },
    body: json(slot),
    ...(renewed === undefined ? {} : { renewedFrom: { S: renewed.from }, renewedTo: { S: renewed.to } }),
  };
}

export const slotOf = (item: Item): Slot => written<Slot>(body(item));

export function standingSlotOf(item: Item): StandingSlot {
  const [from, to] = [item['renewedFrom']?.S, item['renewedTo']?.S];
  return { slot: slotOf(item), ...(from === undefined || to === undefined ? {} : { renewed: { from, to } }) };
}

/** With the groups that its members have a say in: where a pass writes a slot, it reads no installation for them. */
export function definitionItem(role: Role, groups: readonly string[]): Item {
  const item = bodyItem(definitionKey(role.role), role);
  return groups.length === 0 ? item : { ...item, groups: { SS: [...groups] } };
}

export const groupsOfDefinition = (item: Item): readonly string[] | undefined => item['groups']?.SS;

export function setItem(zoneId: string, owned: LedgerSet): Item {
  return bodyItem(setItemKey(zoneId, owned.role, setKey(owned.set)), owned);
}

export const ledgerSetOf = (item: Item): LedgerSet => written<LedgerSet>(body(item));
export const noteOf = (item: Item): Note => written<Note>(body(item));

/** What the configuration says of a group; the serial and the counters are attributes of their own. */
export interface HeadBody {
  readonly group: string;
  readonly owner: string;
  readonly zone?: Zone;
}

export const isHead = (item: Item): boolean => item['sk']?.S === HEAD_SK;
export const isGoneZone = (item: Item): boolean => isHead(item) && item['trouble']?.S === 'zone-gone';

export function headOf(item: Item): GroupHead {
  const serial = number(item, 'serial');
  const acceptedAtMs = number(item, 'acceptedAtMs');
  const cursor = item['auditCursor']?.S;
  const batch = item['batch']?.S;
  const trouble = item['trouble']?.S;
  const troubleSinceMs = number(item, 'troubleSince');
  const pace = item['pace']?.S;
  const calls = item['calls']?.S;
  const head = written<HeadBody>(body(item));
  return {
    ...head,
    serialOwner: item['serialOwner']?.S ?? head.owner,
    ...(serial === undefined ? {} : { serial }),
    ...(batch === undefined ? {} : { batch }),
    ...(acceptedAtMs === undefined ? {} : { acceptedAtMs }),
    ...(cursor === undefined ? {} : { auditCursor: written<NonNullable<GroupHead['auditCursor']>>(cursor) }),
    ...(isTrouble(trouble) ? { trouble } : {}),
    ...(isTrouble(trouble) && troubleSinceMs !== undefined ? { troubleSinceMs } : {}),
    ...(pace === undefined ? {} : { pace: written<NonNullable<GroupHead['pace']>>(pace) }),
    ...(calls === undefined ? {} : { calls: written<NonNullable<GroupHead['calls']>>(calls) }),
    ownedSets: number(item, 'ownedSets') ?? 0,
    retired: item['retired']?.BOOL ?? false,
    epoch: number(item, 'epoch') ?? 0,
  };
}

function isTrouble(word: string | undefined): word is ZoneTrouble {
  return ZONE_TROUBLES.some((trouble) => trouble === word);
}

const KNOWN_SUBJECTS: Readonly<Record<Mark['subject']['kind'], true>> = {
  instance: true,
  role: true,
  set: true,
  serial: true,
};

/** Whether it tells of something that this version knows; one without a body tells of nothing, until it is marked anew. */
export function isKnownMark(item: Item): boolean {
  if (item['body'] === undefined) return false;
  const { subject } = written<{ readonly subject: { readonly kind: string } }>(body(item));
  return Object.hasOwn(KNOWN_SUBJECTS, subject.kind);
}

export function markOf(item: Item): Mark {
  const marked = written<Pick<Mark, 'group' | 'subject' | 'reason'>>(body(item));
  return {
    ...marked,
    roles: [...(item['roles']?.SS ?? [])].sort(),
    sinceMs: number(item, 'since') ?? 0,
    stamp: text(item, 'stamp'),
    ...(item['seated']?.SS === undefined ? {} : { seated: [...item['seated'].SS].sort() }),
  };
}

export function sweepLeaseOf(item: Item): SweepLease {
  const completeAtMs = number(item, 'completeAt');
  return completeAtMs === undefined ? {} : { completeAtMs };
}

export const lastSweepOf = (item: Item): SweepRecord => written<SweepRecord>(body(item));

export const journalPk = (day: string): string => `journal#${day}`;

/** The time is the beginning of the sort key. */
export function journalOf(item: Item): JournalRecord[] {
  const [time = ''] = text(item, 'sk').split('#');
  return written<JournalEntry[]>(body(item)).map((entry) => ({ atMs: Date.parse(time), entry }));
}

export function journalItem(entries: readonly unknown[], atMs: number, id: string): Item {
  const time = new Date(atMs).toISOString();
  return {
    ...key(journalPk(time.slice(0, 10)), `${time}#${id}`),
    body: json(entries),
    expiresAt: { N: String(Math.floor(atMs / 1000) + JOURNAL_DAYS * DAY_SECONDS) },
  };
}
