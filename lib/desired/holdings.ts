import type { Member } from '../model/member.ts';
import type { Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { sickOf } from './sickness.ts';
import { bySeniority, bySuccession, isAbsent } from './succession.ts';

/** An ordinal of which no one else is in want is kept for an absent member this long. */
const ORDINAL_GOES_AFTER_SWEEPS = 10;

export interface Holdings {
  /** Slots 1 to `holders`; or every ordinal that was ever given. */
  readonly slots: readonly Slot[];
  /** Stored slots beyond `holders`, vacated. */
  readonly surplus: readonly Slot[];
}

/**
 * The slots of a role without a pool, and who holds them.
 *
 * ```
 * holder                                   `holders: n`                       {ordinal} alone
 * serving                                  kept; under `newest` only while    kept
 *                                          it is one of the n newest
 * gone, stopped, starting again, untagged  vacant                             vacant
 * absent                                   vacant when a member that serves   vacant after ten sweeps, where
 *                                          has no other slot to go to         another member serves
 * sick                                     vacant when a member that is well  kept
 *                                          has no other slot to go to
 * ```
 *
 * Vacant slots are filled from the lowest ordinal on: by the role's succession, or in order of age where there is an
 * ordinal for everyone.
 */
export function assignHoldings(role: Role, stored: readonly Slot[], serving: readonly Member[]): Holdings {
  const limit = role.holders ?? Number.POSITIVE_INFINITY;
  const line = role.holders === undefined ? bySeniority : bySuccession(role.succession);
  const sick = role.holders === undefined ? new Set<string>() : sickOf(role, serving);
  const isWell = ({ instanceId }: Member) => !sick.has(instanceId);
  const inLine = serving.filter((member) => !isAbsent(member)).sort(line);
  const present = [...inLine.filter(isWell), ...inLine.filter((member) => !isWell(member))];
  const entitled = role.holders !== undefined && role.succession === 'newest' ? present.slice(0, limit) : present;

  const held = unseat(plain(stored), serving, entitled, limit);
  const holders = new Set(held.flatMap(({ ordinal, holder }) => (ordinal > limit ? [] : (holder ?? []))));
  const candidates = entitled.filter(({ instanceId }) => !holders.has(instanceId));
  const attended = withoutAbsent(held, serving, candidates.length, limit);
  const slots = withoutSickHolders(attended, sick, candidates.filter(isWell).length, limit);
  return {
    slots: seat(role, slots, candidates, limit),
    surplus: slots.filter(({ ordinal }) => ordinal > limit),
  };
}

/** By ordinal, and without what a pool that the role once had left in them. */
function plain(stored: readonly Slot[]): Slot[] {
  return stored.map(withoutAddress).sort((one, other) => one.ordinal - other.ordinal);
}

function withoutAddress(stored: Slot): Slot {
  const { ineligible, lastZone, ...slot } = stored;
  const isPlain = slot.allocationId === '' && ineligible === undefined && lastZone === undefined;
  return isPlain ? stored : { ...slot, allocationId: '', publicIpv4: '' };
}

function vacant({ holder, ...slot }: Slot): Slot {
  return holder === undefined ? slot : { ...slot, lastHolder: holder };
}

function unseat(
  slots: readonly Slot[],
  serving: readonly Member[],
  entitled: readonly Member[],
  limit: number,
): readonly Slot[] {
  const stays = new Set([...entitled, ...serving.filter(isAbsent)].map(({ instanceId }) => instanceId));
  const seen = new Set<string>();
  return slots.map((slot) => {
    const { holder, ordinal } = slot;
    if (holder === undefined) return slot;
    if (ordinal > limit || !stays.has(holder) || seen.has(holder)) return vacant(slot);
    seen.add(holder);
    return slot;
  });
}

/** Absence is no proof: an absent holder gives way to a member that is there, the longest absent first. */
function withoutAbsent(
  slots: readonly Slot[],
  serving: readonly Member[],
  candidates: number,
  limit: number,
): readonly Slot[] {
  const sweeps = new Map(serving.filter(isAbsent).map(({ instanceId, absentSweeps }) => [instanceId, absentSweeps]));
  const sweepsOf = ({ holder }: Slot) => sweeps.get(holder ?? '') ?? 0;
  const absent = slots.filter((slot) => sweepsOf(slot) > 0).sort((one, other) => sweepsOf(other) - sweepsOf(one));
  if (absent.length === 0) return slots;
  const leaving = new Set(
    limit === Number.POSITIVE_INFINITY
      ? absent.filter((slot) => serving.length > sweeps.size && sweepsOf(slot) >= ORDINAL_GOES_AFTER_SWEEPS)
      : absent.slice(0, Math.max(0, candidates - (limit - slots.filter(({ holder }) => holder !== undefined).length))),
  );
  return slots.map((slot) => (leaving.has(slot) ? vacant(slot) : slot));
}

/** A sick holder gives way to a member that is well; where none is, it stays. */
function withoutSickHolders(
  slots: readonly Slot[],
  sick: ReadonlySet<string>,
  wellCandidates: number,
  limit: number,
): readonly Slot[] {
  if (sick.size === 0) return slots;
  let spare = wellCandidates - (limit - slots.filter(({ holder }) => holder !== undefined).length);
  return slots.map((slot) => {
    if (spare <= 0 || !sick.has(slot.holder ?? '')) return slot;
    spare -= 1;
    return vacant(slot);
  });
}

function seat(role: Role, slots: readonly Slot[], candidates: readonly Member[], limit: number): Slot[] {
  const byOrdinal = new Map(slots.map((slot) => [slot.ordinal, slot]));
  const seated: Slot[] = [];
  const last = slots.reduce((highest, { ordinal }) => Math.max(highest, ordinal), 0);
  const end = Number.isFinite(limit) ? limit : last + candidates.length;
  let next = 0;
  for (let ordinal = 1; ordinal <= end; ordinal += 1) {
    const slot = byOrdinal.get(ordinal);
    if (slot?.holder !== undefined) {
      seated.push(slot);
      continue;
    }
    const holder = candidates[next]?.instanceId;
    if (slot === undefined && holder === undefined && role.holders === undefined) continue;
    next += 1;
    const fresh = slot ?? { role: role.role, ordinal, allocationId: '', publicIpv4: '', version: 0 };
    seated.push(holder === undefined ? fresh : { ...fresh, holder });
  }
  return seated;
}
