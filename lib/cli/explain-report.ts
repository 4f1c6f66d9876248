import { isIP } from 'node:net';
import { normalName } from '../model/name.ts';
import { renderEntry } from '../plan/render.ts';
import { explainAddress } from './explain-address.ts';
import { type Case, known, openCase } from './explain-case.ts';
import { type Explained, explainInstance } from './explain-instance.ts';
import { memberFindings, sentenceOf } from './explain-member.ts';
import { explainName } from './explain-name.ts';
import type { Explanation } from './explain-schema.ts';
import { about } from './journal-search.ts';
import { isoTime } from './knowledge.ts';
import type { Target } from './target.ts';

const HISTORY_LINES = 10;
const INSTANCE_ID = /^i-[0-9a-f]{8,17}$/;

/** Every yes and no about an instance, a host, a role, a name or an address. */
export async function readExplanation(target: Target, given: string): Promise<Explanation> {
  const opened = await openCase(target);
  const subject = subjectOf(given, opened);
  const { findings, next } = await explained(subject, opened, target);
  return {
    target: target.name,
    subject,
    findings: [...findings, ...opened.unread.map((what) => known(subject.id, what))],
    history: about(opened.journal, subject.id)
      .slice(-HISTORY_LINES)
      .map(({ atMs, entry }) => ({
        at: isoTime(atMs),
        says: renderEntry(entry, { colour: false, timeMs: atMs }).slice(9).replaceAll(/ {2,}/g, '  '),
      })),
    next: [...next],
  };
}

function subjectOf(given: string, { knowledge }: Case): Explanation['subject'] {
  if (INSTANCE_ID.test(given)) return { kind: 'instance', id: given };
  if (knowledge.facts.get(given)?.host !== undefined) return { kind: 'host', id: given };
  if (isIP(given) !== 0 || given.startsWith('eipalloc-')) return { kind: 'address', id: given };
  const name = normalName(given);
  return knowledge.roles.some(({ role }) => role === name) ? { kind: 'role', id: name } : { kind: 'name', id: name };
}

async function explained({ kind, id }: Explanation['subject'], opened: Case, target: Target): Promise<Explained> {
  switch (kind) {
    case 'instance':
    case 'host':
      return await explainInstance(id, opened, target);
    case 'address':
      return await explainAddress(id, opened, target);
    case 'name':
      return await explainName(id, opened, target);
    case 'role':
      return explainRole(id, opened);
  }
}

function explainRole(role: string, opened: Case): Explained {
  const state = opened.knowledge.roles.find((each) => each.role === role);
  if (state === undefined) return { findings: [], next: [] };
  const findings = state.members.flatMap((member) =>
    memberFindings(state, member, opened).map((finding) => ({
      ...finding,
      about: finding.about === role ? member.instanceId : finding.about,
    })),
  );
  const empty = state.members.length === 0 ? [known(role, 'nobody holds it')] : [];
  return {
    findings: [...findings, ...empty, sentenceOf(state, opened)],
    next: [`rolecall members ${role}`, `rolecall names ${role}`],
  };
}
