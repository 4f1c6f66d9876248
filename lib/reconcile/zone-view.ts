import type { Ledger, LedgerSet, Mark, Note } from '../model/ledger.ts';
import type { OwnedCheck } from '../model/health-check.ts';
import type { Zone } from '../model/zone.ts';
import { isReverse } from './groups.ts';
import type { RoleState, ZonePorts } from './ports.ts';
import { type Entitled, entitled, isClaim } from './role-state.ts';
import type { View } from './zone-plan.ts';

const READS_AT_ONCE = 16;

export type EntitledView = View & Entitled;

/** What is known of the ledger before the roles are read. */
interface Known {
  /** All of it, where it came with the zone's serial and nothing was asked in between. */
  readonly ledger?: Ledger | undefined;
  /** Route 53 was asked what it has: that may be what another role owns. */
  readonly isInspected?: boolean;
}

/** The registry behind the marks, none of it read before the serial. */
export async function readView(
  zone: Zone,
  marks: readonly Mark[],
  ports: Pick<ZonePorts, 'registry'>,
  { ledger: all, isInspected = false }: Known = {},
): Promise<EntitledView> {
  const roles = [...new Set(marks.flatMap((mark) => mark.roles))].sort();
  const states: RoleState[] = [];
  const ledger: LedgerSet[] = [];
  const notes: Note[] = [];
  const checks: OwnedCheck[] = [];
  const ledgerOf = async (role: string) =>
    all === undefined ? await ports.registry.readLedger(zone.id, role) : ofRole(all, role);
  for (let first = 0; first < roles.length; first += READS_AT_ONCE) {
    const part = roles.slice(first, first + READS_AT_ONCE);
    const [read, owned] = await Promise.all([
      Promise.all(part.map((role) => ports.registry.readRole(role))),
      Promise.all(part.map(ledgerOf)),
    ]);
    states.push(...read);
    ledger.push(...owned.flatMap(({ sets }) => sets));
    notes.push(...owned.flatMap((each) => each.notes));
    checks.push(...owned.flatMap((each) => each.checks));
  }
  // What was found in the zone, or what a role was refused, may be another's: only then is it worth reading what all own.
  const isContended = isInspected || notes.some((note) => note.reason === 'name-taken' && !isClaim(note));
  const everything = isContended ? (all ?? (await ports.registry.readLedger(zone.id))).sets : [];
  const others = everything.filter(({ role }) => !roles.includes(role));
  const reverseZones = isReverse(zone.name) ? await readReverseZones(ports) : [];
  return { ledger, others, notes, checks, reverseZones, ...(await entitled(states, ledger, zone, ports.registry)) };
}

function ofRole(ledger: Ledger, role: string): Ledger {
  return {
    sets: ledger.sets.filter((each) => each.role === role),
    notes: ledger.notes.filter((each) => each.role === role),
    checks: ledger.checks.filter((each) => each.role === role),
  };
}

async function readReverseZones(ports: Pick<ZonePorts, 'registry'>): Promise<readonly string[]> {
  const installation = await ports.registry.readInstallation();
  return (installation?.zones ?? []).map(({ name }) => name).filter(isReverse);
}
