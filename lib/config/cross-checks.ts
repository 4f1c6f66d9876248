import { isPublishableName, normalName } from '../model/name.ts';
import { serialRecordName } from '../model/zone.ts';
import { checkedRoles } from './checked-role.ts';
import type { Configuration, ZoneDefinition } from './configuration.ts';
import { extraRecordProblems } from './extra-record-checks.ts';
import { healthProblems, settingProblems } from './health-checks.ts';
import { holderProblems, sharedAddresses } from './holder-checks.ts';
import { hostProblems } from './host-checks.ts';
import { nameProblems } from './name-checks.ts';
import { type Problem, problemAt } from './problem.ts';
import { repeated } from './repeated.ts';
import { charactersOf, MAX_PATTERN_CHARACTERS, recordNamePatterns } from './record-names.ts';
import { DEFAULT_OWNER, nameScope } from './resolve.ts';
import { takenNames } from './taken-names.ts';
import { whenEmptyProblems } from './when-empty-checks.ts';

/** The keys that were written, also of zones and roles that are left out because they have another problem. */
export interface WrittenKeys {
  readonly zones: readonly string[];
  readonly roles: readonly string[];
}

/** What a configuration of the right shape can still get wrong. */
export function crossProblems(configuration: Configuration, written: WrittenKeys): Problem[] {
  const roles = checkedRoles(configuration, written.zones);
  return [
    ...zoneProblems(configuration),
    ...roles.flatMap((role) => [
      ...nameProblems(role),
      ...extraRecordProblems(role),
      ...holderProblems(role),
      ...whenEmptyProblems(role),
      ...healthProblems(role),
    ]),
    ...settingProblems(configuration),
    ...takenNames(roles),
    ...sharedAddresses(configuration),
    ...hostProblems(configuration, written.roles),
    ...strictNameProblems(configuration),
  ];
}

function strictNameProblems(configuration: Configuration): Problem[] {
  if (configuration.strictNames !== true) return [];
  const characters = charactersOf(recordNamePatterns(nameScope(configuration)));
  if (characters <= MAX_PATTERN_CHARACTERS) return [];
  const message = `is not possible: the name patterns of this configuration have ${characters} characters, and a policy has room for ${MAX_PATTERN_CHARACTERS}; use fewer names, or placeholders that several of them share, or set it to false`;
  return [problemAt(['strictNames'], true, message)];
}

function zoneProblems(configuration: Configuration): Problem[] {
  const zones = Object.entries(configuration.zones);
  const owner = configuration.owner ?? DEFAULT_OWNER;
  return [
    ...zones.flatMap(([key, zone]) => zonePropertyProblems(key, zone, owner)),
    ...repeated(zones, ([, zone]) => `${zone.private === true ? 'private' : 'public'} ${normalName(zone.name)}`).map(
      ({ item: [key, zone], first: [firstKey] }) =>
        problemAt(
          ['zones', key, 'name'],
          zone.name,
          `is the name of zone ${firstKey} too, and both are ${visibility(zone)}; give it once`,
        ),
    ),
    ...repeated(zones, ([, zone]) => zone.id).map(({ item: [key, zone], first: [firstKey] }) =>
      problemAt(['zones', key, 'id'], zone.id, `is the id of zone ${firstKey} too; each zone is given once`),
    ),
  ];
}

function visibility(zone: ZoneDefinition): string {
  return zone.private === true ? 'private' : 'public';
}

function zonePropertyProblems(key: string, zone: ZoneDefinition, owner: string): Problem[] {
  const problems: Problem[] = [];
  if (zone.private === true && zone.id === undefined && zone.vpcId === undefined) {
    problems.push(
      problemAt(
        ['zones', key, 'vpcId'],
        undefined,
        'is required for a private zone that the stack creates; give it, or the id of a zone that exists',
      ),
    );
  }
  if (zone.vpcId !== undefined && zone.private !== true) {
    problems.push(
      problemAt(['zones', key, 'vpcId'], zone.vpcId, 'is for private zones only; set private: true, or remove it'),
    );
  }
  if (zone.vpcId !== undefined && zone.id !== undefined) {
    problems.push(
      problemAt(
        ['zones', key, 'vpcId'],
        zone.vpcId,
        'is for a zone that the stack creates, and this one has an id; remove one of them',
      ),
    );
  }
  const serialName = serialRecordName(owner, normalName(zone.name));
  if (!isPublishableName(serialName)) {
    problems.push(
      problemAt(
        ['zones', key, 'name'],
        zone.name,
        `is too long: the serial of the zone would be at ${serialName}, and a name has 253 characters at most`,
      ),
    );
  }
  return problems;
}
