import {
  charactersOf,
  MAX_PATTERN_CHARACTERS,
  normalized,
  recordNamePatterns,
  withoutCovered,
} from '../config/record-names.ts';
import { InvalidInput } from '../model/errors.ts';
import type { Installation } from '../model/role.ts';
import { fitsPattern } from '../model/wildcard.ts';
import { serialRecordName } from '../model/zone.ts';
import type { CorePorts } from './ports.ts';

/**
 * The names that λ reconcile must be able to write from now on, with `strictNames`: those of the new configuration, those
 * of the one before, and of older ones those that still cover a record of ours, or a zone's serial. So nothing that was published becomes
 * impossible to remove; the next deployment leaves out what has gone by then.
 *
 * @throws InvalidInput where that is more than a policy holds.
 */
export async function recordNamesToAllow(
  before: Installation | undefined,
  after: Installation,
  ports: Pick<CorePorts, 'registry'>,
): Promise<string[] | undefined> {
  if (!after.strictNames) return undefined;
  const current = [...recordNamePatterns(after), ...(before === undefined ? [] : recordNamePatterns(before))];
  const older = before?.recordNames ?? [];
  const owned = before === undefined ? [] : await ownedNames(before, ports);
  const uncovered = owned.filter((name) => !current.some((pattern) => fitsPattern(pattern, name)));
  const kept = older.filter((pattern) => uncovered.some((name) => fitsPattern(pattern, name)));
  const rest = uncovered.filter((name) => !kept.some((pattern) => fitsPattern(pattern, name)));
  const names = withoutCovered([...current, ...kept, ...rest]);
  const characters = charactersOf(names);
  if (characters <= MAX_PATTERN_CHARACTERS) return names;
  throw new InvalidInput(
    `strictNames needs ${characters} characters of name patterns, for the names of this configuration and those that are still to be removed; a policy has room for ${MAX_PATTERN_CHARACTERS}. Nothing was changed. Take names out in one deployment and add others in the next, or set strictNames: false.`,
  );
}

async function ownedNames({ zones }: Installation, { registry }: Pick<CorePorts, 'registry'>): Promise<string[]> {
  const names = await Promise.all(
    zones.map(async (zone) => {
      const [{ sets }, { head, intents }] = await Promise.all([
        registry.readLedger(zone.id),
        registry.readGroup(zone.id),
      ]);
      const owners = [
        ...(head === undefined ? [] : [head.serialOwner]),
        ...intents.flatMap(({ movesTo }) => movesTo ?? []),
      ];
      return [
        ...sets.map(({ set }) => normalized(set.name)),
        ...owners.map((owner) => serialRecordName(owner, zone.name)),
      ];
    }),
  );
  return [...new Set(names.flat())];
}
