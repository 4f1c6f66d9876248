import { isAdmitted } from '../desired/entitlement.ts';
import { compilePattern, renderName } from '../desired/names.ts';
import type { Withheld } from '../model/change.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { LedgerSet, Note } from '../model/ledger.ts';
import type { Installation, Role } from '../model/role.ts';
import type { Zone } from '../model/zone.ts';
import { type Standing, standing } from './notes.ts';
import type { Registry, RoleState } from './ports.ts';

/** Where a name is withheld the note has its type; a refused claim has no record that it could name. */
const CLAIM = 'claim';

export interface Entitled {
  /** With the definition that counts, and only the members that it admits. */
  readonly states: readonly RoleState[];
  /** Claims that are not granted, for the journal; a role's are said in the zone of its first name. */
  readonly refused: readonly Withheld[];
}

/**
 * Who counts in each role. A role that the configuration does not list is looked up in `openRoles` as long as somebody
 * claims it or it has records: that costs a read, which listed roles do not need.
 */
export async function entitled(
  stored: readonly RoleState[],
  ledger: readonly LedgerSet[],
  zone: Zone,
  registry: Pick<Registry, 'readInstallation'>,
): Promise<Entitled> {
  const owning = new Set(ledger.map(({ role }) => role));
  const isUnlisted = ({ role, definition, members }: RoleState) =>
    definition === undefined && (members.length > 0 || owning.has(role));
  const installation = stored.some(isUnlisted) ? await registry.readInstallation() : undefined;
  const found = stored.map((state) => {
    const open = installation !== undefined && isUnlisted(state) ? openRoleOf(installation, state.role) : undefined;
    return admitted(open === undefined ? state : { ...state, definition: open.role }, zone, open?.taken ?? []);
  });
  return { states: found.map(({ state }) => state), refused: found.flatMap(({ refused }) => refused) };
}

/** A role with only the members that its `allow` admits. */
export function admittedOnly(state: RoleState): RoleState {
  const { definition, members } = state;
  if (definition?.allow === undefined) return state;
  return { ...state, members: members.filter((member) => isAdmitted(definition, member)) };
}

function admitted(
  state: RoleState,
  zone: Zone,
  taken: readonly Withheld[],
): { readonly state: RoleState; readonly refused: readonly Withheld[] } {
  const { role, definition, members } = state;
  if (definition?.allow === undefined) return { state, refused: taken };
  const refused =
    definition.names[0]?.zone !== zone.key
      ? []
      : members
          .filter((member) => !isAdmitted(definition, member))
          .map(({ instanceId }) => notAllowed(role, instanceId));
  return { state: admittedOnly(state), refused: [...taken, ...refused] };
}

function notAllowed(role: string, instance: string): Withheld {
  const detail = `roles.${role}.allow does not admit ${instance}: its instance profile, VPC and subnet must each match an entry`;
  return { role, name: role, type: CLAIM, reason: 'not-allowed', instance, detail };
}

/**
 * An open role without the names that a listed role has: listed roles come first. One that is still listed, though its
 * definition is gone, is being taken away.
 */
function openRoleOf(
  installation: Installation,
  name: string,
): { readonly role: Role; readonly taken: readonly Withheld[] } | undefined {
  if (installation.openRole === undefined) return undefined;
  const role = { ...installation.openRole, role: name };
  const listed = listedNames(installation);
  const owners = role.names.map((pattern) => listed.get(fixedName(name, pattern.pattern, pattern.zoneName) ?? ''));
  const taken = owners.flatMap((owner) => {
    if (owner === undefined) return [];
    const detail = `its name belongs to the listed role ${owner}`;
    return [{ role: name, name, type: CLAIM, reason: 'name-taken' as const, detail }];
  });
  return { role: { ...role, names: role.names.filter((_pattern, index) => owners[index] === undefined) }, taken };
}

/** The names that listed roles have whoever holds them, and aliases, each with its role. */
export function listedNames(installation: Installation): ReadonlyMap<string, string> {
  return new Map(
    installation.roles.flatMap(({ role, names, aliases }) => [
      ...names.flatMap(({ pattern, zoneName }) => {
        const name = fixedName(role, pattern, zoneName);
        return name === undefined ? [] : [[name, role] as const];
      }),
      ...aliases.map(({ name }) => [name, role] as const),
    ]),
  );
}

function fixedName(role: string, pattern: string, zoneName: string): string | undefined {
  const rendered = renderName(compilePattern(pattern, zoneName), { role });
  return rendered.kind === 'name' ? rendered.name : undefined;
}

/** Refused claims are said when they begin and when they end, like everything that is withheld. */
export function sayRefused(refused: readonly Withheld[], notes: readonly Note[], nowMs: number): Standing {
  const said = standing(refused, notes.filter(isClaim), nowMs);
  return { ...said, journal: said.journal.map(asRefused) };
}

export function isClaim({ type }: Note): boolean {
  return type === CLAIM;
}

function asRefused(entry: JournalEntry): JournalEntry {
  if (entry.kind !== 'withheld') return entry;
  const { name: _name, type: _type, ...rest } = entry;
  return { ...rest, kind: 'refused' };
}
