import type { Mark } from '../model/ledger.ts';
import type { ChangeReason } from '../model/reason.ts';

/** Reasons in the order in which one speaks for a change that has several: what took something away comes first. */
const RANK: readonly ChangeReason[] = [
  'terminated',
  'stopped',
  'draining',
  'untagged',
  'sick',
  'expired',
  'absent',
  'retired',
  'moved',
  'slot',
  'launched',
  'tagged',
  'healthy',
  'undrained',
  'configured',
  'address',
  'drift',
];

/** A member that is known to go, or to have gone. */
const PROOFS: ReadonlySet<ChangeReason> = new Set(['terminated', 'stopped', 'draining', 'untagged', 'expired']);

type Contributors = Readonly<Record<string, readonly string[]>>;

/** The dirty marks, by what they are about. */
export interface MarkIndex {
  readonly byInstance: ReadonlyMap<string, Mark>;
  readonly byRole: ReadonlyMap<string, Mark>;
  readonly bySet: ReadonlyMap<string, Mark>;
}

export interface Cause {
  readonly reason: ChangeReason;
  readonly instances: readonly string[];
  readonly urgent: boolean;
  readonly sinceMs?: number;
}

export function indexMarks(marks: readonly Mark[]): MarkIndex {
  const byInstance = new Map<string, Mark>();
  const byRole = new Map<string, Mark>();
  const bySet = new Map<string, Mark>();
  for (const mark of marks) {
    const { subject } = mark;
    if (subject.kind === 'instance') byInstance.set(subject.instanceId, mark);
    else if (subject.kind === 'role') byRole.set(subject.role, mark);
    else if (subject.kind === 'set') bySet.set(subject.key, mark);
  }
  // Who has taken a slot has no mark of its own: it is there for whoever left, or came.
  for (const mark of marks) {
    for (const role of mark.seated ?? []) if (!byRole.has(role)) byRole.set(role, { ...mark, reason: 'slot' });
  }
  return { byInstance, byRole, bySet };
}

export interface Difference {
  readonly role: string;
  readonly key: string;
  readonly contributorsBefore: Contributors;
  readonly contributorsAfter: Contributors;
  readonly valuesBefore: readonly string[];
  readonly valuesAfter: readonly string[];
  readonly drifted: boolean;
}

/** Why a set changes: the marks of the members that came or went, else that of its role. */
export function causeOf(difference: Difference, marks: MarkIndex): Cause {
  const changed = changedContributors(difference);
  // A weight, say, changes with a tag of the member, and none of its values do.
  const concerned = changed.length > 0 ? changed : Object.keys(difference.contributorsAfter);
  const causes = concerned.flatMap((contributor) => {
    const mark = marks.byInstance.get(contributor);
    return mark?.roles.includes(difference.role)
      ? [{ instance: contributor, mark: asSeenBy(difference, contributor, mark) }]
      : [];
  });
  const urgent = removesOnProof(difference, causes);
  if (difference.drifted && !urgent) {
    return { reason: 'drift', instances: [], urgent, ...since([marks.bySet.get(difference.key)]) };
  }
  if (causes.length === 0) {
    const mark = speaksFor(marks.byRole.get(difference.role), changed);
    return {
      reason: mark?.reason ?? 'address',
      instances: changed.filter(isMember),
      urgent,
      ...since([mark]),
    };
  }
  causes.sort((one, other) => rank(one.mark) - rank(other.mark) || (one.instance < other.instance ? -1 : 1));
  const reason = causes[0]?.mark.reason ?? 'address';
  return {
    reason,
    instances: causes.map(({ instance }) => instance),
    urgent,
    ...since(causes.filter(({ mark }) => mark.reason === reason).map(({ mark }) => mark)),
  };
}

/** A tag that takes an instance from one role to another has one mark: where it came, it was tagged. */
function asSeenBy({ contributorsBefore, contributorsAfter }: Difference, contributor: string, mark: Mark): Mark {
  const came = contributorsBefore[contributor] === undefined && contributorsAfter[contributor] !== undefined;
  return came && mark.reason === 'untagged' ? { ...mark, reason: 'tagged' } : mark;
}

/** An answer comes and goes with what else happens at its name: of the role only a new configuration explains it. */
function speaksFor(mark: Mark | undefined, changed: readonly string[]): Mark | undefined {
  const isAnswerAlone = changed.length === 1 && changed[0] === 'answer';
  return isAnswerAlone && mark?.reason !== 'configured' ? undefined : mark;
}

/** Not a slot, nor the role itself, nor the answer that stands at an empty name. */
function isMember(contributor: string): boolean {
  return !contributor.startsWith('slot:') && contributor !== 'role' && contributor !== 'answer';
}

function rank(mark: Mark): number {
  return RANK.indexOf(mark.reason);
}

function since(marks: readonly (Mark | undefined)[]): { readonly sinceMs?: number } {
  const times = marks.flatMap((mark) => (mark === undefined ? [] : [mark.sinceMs]));
  return times.length === 0 ? {} : { sinceMs: Math.min(...times) };
}

function changedContributors({ contributorsBefore, contributorsAfter }: Difference): string[] {
  const changed = Object.keys(contributorsBefore).filter(
    (contributor) => !sameValues(contributorsBefore[contributor], contributorsAfter[contributor]),
  );
  const fresh = Object.keys(contributorsAfter).filter((contributor) => !Object.hasOwn(contributorsBefore, contributor));
  return [...changed, ...fresh].sort();
}

function sameValues(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((value) => other.includes(value));
}

function removesOnProof(difference: Difference, causes: readonly { instance: string; mark: Mark }[]): boolean {
  const { contributorsBefore, valuesBefore, valuesAfter } = difference;
  const after = new Set(valuesAfter);
  const removed = new Set(valuesBefore.filter((value) => !after.has(value)));
  return causes.some(
    ({ instance, mark }) =>
      PROOFS.has(mark.reason) && (contributorsBefore[instance] ?? []).some((value) => removed.has(value)),
  );
}
