import type { Answer } from 'dns-packet';
import { isInZone, parentOf, storedName } from '../route53/domain-name.ts';
import type { RecordIndex } from '../route53/record-index.ts';
import type { ResourceRecordSet } from '../route53/resource-record-set.ts';
import { dnsRecord, hostName, startOfAuthority } from './record-data.ts';
import { chosenSets, shuffled } from './routing.ts';

/** What the server needs of a hosted zone. */
export interface ServedZone {
  readonly name: string;
  readonly vpc?: unknown;
  readonly published: RecordIndex;
}

export interface Question {
  /** As asked, in whatever case. */
  readonly name: string;
  readonly type: string;
}

export interface Reply {
  readonly code: 'NOERROR' | 'NXDOMAIN' | 'REFUSED';
  readonly answers: readonly Answer[];
  /** The SOA, where there is no answer (RFC 2308). */
  readonly authorities: readonly Answer[];
}

/** A chain of CNAMEs longer than this is not followed on. */
const LONGEST_CHAIN = 8;

/** Answers from the zones alone: no name outside them is looked up (RFC 1034, 4.3.2). */
export function resolve(
  question: Question,
  zones: readonly ServedZone[],
  random: () => number,
  isHealthy?: (healthCheckId: string) => boolean,
): Reply {
  const first = lookupOf(question.name, zones);
  if (first === undefined) return { code: 'REFUSED', answers: [], authorities: [] };
  const answers: Answer[] = [];
  let lookup: Lookup | undefined = { ...first, owner: question.name };
  for (let links = 0; lookup !== undefined && links < LONGEST_CHAIN; links += 1) {
    const sets = setsAt(lookup.zone.published, lookup.name);
    const found = recordsOf(question.type, lookup, sets ?? [], random, isHealthy);
    answers.push(...found);
    if (found.length > 0) break;
    const [link] = recordsOf('CNAME', lookup, sets ?? [], random, isHealthy);
    if (link?.type !== 'CNAME') {
      // RFC 6604: after a CNAME the code is that of the last name.
      return { code: sets === undefined ? 'NXDOMAIN' : 'NOERROR', answers, authorities: authorityOf(lookup.zone) };
    }
    answers.push(link);
    lookup = lookupOf(link.data, zones);
  }
  return { code: 'NOERROR', answers, authorities: [] };
}

/** One name to be looked up in the zone that it belongs to. */
interface Lookup {
  readonly zone: ServedZone;
  readonly name: string;
  /** The name as its records carry it. */
  readonly owner: string;
}

/** Undefined for a name of none of the zones. */
function lookupOf(name: string, zones: readonly ServedZone[]): Lookup | undefined {
  const stored = storedName(name);
  const zone = 'name' in stored ? zoneOf(stored.name, zones) : undefined;
  return zone === undefined || !('name' in stored) ? undefined : { zone, name: stored.name, owner: name };
}

/** The most specific zone; of a private and a public one of the same name the private one, as inside its VPC. */
function zoneOf(name: string, zones: readonly ServedZone[]): ServedZone | undefined {
  return zones
    .filter((zone) => isInZone(name, zone.name))
    .sort(
      (one, other) =>
        other.name.length - one.name.length || Number(other.vpc !== undefined) - Number(one.vpc !== undefined),
    )[0];
}

/** The sets of a name, or of the wildcard that stands for it (RFC 4592); undefined: there is no such name. */
function setsAt(index: RecordIndex, name: string): readonly ResourceRecordSet[] | undefined {
  if (index.exists(name)) return index.at(name);
  for (let encloser = parentOf(name); encloser !== undefined; encloser = parentOf(encloser)) {
    if (!index.exists(encloser)) continue;
    const wildcard = index.at(`\\052.${encloser}`);
    return wildcard.length > 0 ? wildcard : undefined;
  }
  return undefined;
}

function recordsOf(
  type: string,
  { owner, zone }: Lookup,
  sets: readonly ResourceRecordSet[],
  random: () => number,
  isHealthy: ((healthCheckId: string) => boolean) | undefined,
): readonly Answer[] {
  // RFC 8482: one record set is answer enough to ANY.
  const wanted = type === 'ANY' ? sets[0]?.type : type;
  const chosen = chosenSets(
    sets.filter((set) => set.type === wanted),
    random,
    isHealthy,
  );
  return chosen.flatMap((set) => {
    const source = set.aliasTarget === undefined ? set : aliasTargetOf(set, zone.published);
    if (source === undefined) return [];
    return shuffled(source.values, random).flatMap(
      (value) => dnsRecord(set.type, owner, source.ttlSeconds ?? 0, value) ?? [],
    );
  });
}

/** An alias is followed within its own zone, to a set of its own type. */
function aliasTargetOf({ type, aliasTarget }: ResourceRecordSet, index: RecordIndex): ResourceRecordSet | undefined {
  return index
    .at(aliasTarget?.dnsName ?? '')
    .find((target) => target.type === type && target.aliasTarget === undefined);
}

/** RFC 2308: a negative answer is kept for the lesser of the SOA's TTL and its minimum. */
function authorityOf({ name, published }: ServedZone): readonly Answer[] {
  const soa = published.at(name).find(({ type }) => type === 'SOA');
  const [value] = soa?.values ?? [];
  if (soa === undefined || value === undefined) return [];
  const ttlSeconds = Math.min(soa.ttlSeconds ?? 0, startOfAuthority(value).minimum);
  return [dnsRecord('SOA', hostName(name), ttlSeconds, value)].flatMap((record) => record ?? []);
}
