import type { PlantedBug } from './planted-bugs.ts';

/** Mistakes in what is decided: of the model, of what is desired, of the plan. */
export const IN_DECISIONS: readonly PlantedBug[] = [
  {
    name: 'UPSERT in place of compare and swap',
    seed: 1,
    file: 'lib/plan/batch.ts',
    fragment: "({ action: 'CREATE', set })",
    becomes: "({ action: 'UPSERT' as 'CREATE', set })",
  },
  {
    name: 'no tombstone: what is gone may come back with the next event',
    seed: 19,
    file: 'lib/model/fact.ts',
    fragment: "return { ...fact, gone: { atMs, source: 'event' } };",
    becomes: 'return close(fact, atMs, seenAtMs);',
    also: [
      {
        fragment: "if (read.state === 'shutting-down' || read.state === 'terminated') {",
        becomes:
          "if (read.state === 'shutting-down' || read.state === 'terminated') return fact;\n  if (read.state === 'stopped' && fact.gone !== undefined) {",
      },
    ],
  },
  {
    name: 'a read brings the dead back',
    seed: 228,
    file: 'lib/model/fact.ts',
    fragment: `  if (fact.gone !== undefined) return fact;
  if (read.state === 'shutting-down' || read.state === 'terminated') {`,
    becomes: `  if (fact.gone !== undefined && read.state === 'running') fact = { ...fact, gone: undefined as never, closedUpToMs: 0, readAtMs: 0, description: undefined as never };
  if (read.state === 'shutting-down' || read.state === 'terminated') {`,
  },
  {
    name: 'a stop that arrives late stops what was started since',
    seed: 117,
    file: 'lib/model/fact.ts',
    fragment: 'launchTimeMs >= atMs ? fact.closedLaunchTimeMs : Math.max(fact.closedLaunchTimeMs, launchTimeMs);',
    becomes: 'launchTimeMs < 0 ? fact.closedLaunchTimeMs : Math.max(fact.closedLaunchTimeMs, launchTimeMs);',
  },
  {
    name: 'not listed once means gone',
    seed: 34,
    file: 'lib/model/fact.ts',
    fragment: 'return { ...fact, absentSweeps: fact.absentSweeps + 1, absentCountedAtMs };',
    becomes: "return { ...fact, gone: { atMs: sweptAtMs, source: 'sweep' } };",
  },
  {
    name: 'absent after one sweep',
    seed: 2,
    file: 'lib/model/fact.ts',
    fragment: 'export const ABSENT_AFTER_SWEEPS = 2;',
    becomes: 'export const ABSENT_AFTER_SWEEPS = 1;',
  },
  {
    name: 'clean-up by age: what was not read lately goes',
    seed: 2,
    file: 'lib/model/fact.ts',
    fragment: 'export function isLive(fact: Fact): boolean {',
    becomes:
      'export function isLive(fact: Fact): boolean {\n  if (fact.absentCountedAtMs === 0 && fact.readAtMs > 0 && fact.version > 1) return false;',
  },
  {
    name: 'no caps on absence',
    seed: 117,
    file: 'lib/plan/absence.ts',
    fragment: '  if (absentees.length === 0) return { keep: new Map(), withheld: [] };',
    becomes: '  if (absentees.length >= 0) return { keep: new Map(), withheld: [] };',
  },
  {
    name: 'the address of the dead is kept for an empty name',
    seed: 6,
    file: 'lib/desired/kept.ts',
    fragment: "const isOwned = set.type === 'AAAA' || set.values.every(isPrivateIpv4);",
    becomes: "const isOwned = set.type !== 'PTR' || set.values.every(isPrivateIpv4);",
    also: [
      {
        fragment: "if (scene.role.whenEmpty !== 'keep') return keepable;",
        becomes: "if (scene.role.whenEmpty === 'remove' && scene.slots.length > 0) return keepable;",
      },
      {
        fragment: "if (pattern.addresses.includes('private')) keepable",
        becomes: 'if (pattern.addresses.length > 0) keepable',
      },
    ],
  },
  {
    name: 'everyone may claim',
    seed: 1,
    file: 'lib/desired/entitlement.ts',
    fragment: 'if (allow === undefined || member.offCloud === true) return true;',
    becomes: "if (allow === undefined || member.instanceId !== '') return true;",
  },
  {
    name: 'the newest claim displaces any holder',
    seed: 24,
    file: 'lib/desired/holdings.ts',
    fragment: "role.holders !== undefined && role.succession === 'newest' ? present.slice(0, limit) : present;",
    becomes: 'role.holders !== undefined ? [...present].reverse().slice(0, limit) : present;',
  },
  {
    name: 'an Elastic IP is taken from whoever has it',
    seed: 17,
    file: 'lib/desired/addresses.ts',
    fragment: 'if (serving.has(from) && !isWithdrawn)',
    becomes: 'if (serving.has(from) && associationId === undefined)',
    also: [
      {
        fragment: 'if (!hasLost) return leave(',
        becomes: 'if (!hasLost && associationId === undefined) return leave(',
      },
    ],
  },
  {
    name: 'the TTL is ignored in drains',
    seed: 32,
    file: 'lib/desired/drain.ts',
    fragment: 'return sinceMs === undefined ? undefined : sinceMs + ttlSeconds * 1000;',
    becomes: 'return sinceMs === undefined ? undefined : sinceMs + ttlSeconds;',
  },
  {
    name: 'a drain does not wait for INSYNC',
    seed: 92,
    file: 'lib/desired/drain.ts',
    fragment:
      'const sinceMs = inSyncAtMs ?? (changeId === undefined ? acceptedAtMs + PROPAGATION_BOUND_MS : undefined);',
    becomes: 'const sinceMs = changeId === undefined ? (inSyncAtMs ?? acceptedAtMs) : acceptedAtMs;',
  },
  {
    name: 'slots do not follow an address that hands gave to another holder',
    seed: 76,
    file: 'lib/desired/slots.ts',
    fragment: 'const followed = pool === undefined ? vacated : followHands(vacated, handed);',
    becomes: 'const followed = vacated;',
  },
  {
    name: 'nobody who waits for an address that hands gave away gets another',
    seed: 152,
    file: 'lib/desired/slots.ts',
    fragment: 'const relieved = pool === undefined ? filled : relieveWaiting(filled, handed, pool);',
    becomes: 'const relieved = filled;',
  },
  {
    name: 'two sets that differ in weight alone count as the same',
    seed: 162,
    file: 'lib/model/record-set.ts',
    fragment: 'one.routing.weight === other.routing.weight)',
    becomes: 'one.ttlSeconds === other.ttlSeconds)',
  },
  {
    name: 'two sets with as many values and the same TTL count as the same',
    seed: 4,
    file: 'lib/model/record-set.ts',
    fragment: 'one.values.every((value, index) => value === other.values[index])',
    becomes: 'one.values.length > 0',
  },
  {
    name: 'the pointer to a name stays when its holder is gone',
    seed: 12,
    file: 'lib/plan/plan.ts',
    fragment: 'if (desired === undefined) return planDelete(owned, before',
    becomes: `if (desired === undefined && owned.set.type === 'PTR') return NOTHING;
  if (desired === undefined) return planDelete(owned, before`,
  },
  {
    name: 'a departure takes away the IPv4 addresses only',
    seed: 129,
    file: 'lib/plan/plan.ts',
    fragment: 'if (desired === undefined) return planDelete(owned, before',
    becomes: `if (desired === undefined && owned.set.type === 'AAAA') return NOTHING;
  if (desired === undefined) return planDelete(owned, before`,
  },
  {
    name: 'a sick holder gives way to one that is sick too',
    seed: 129,
    file: 'lib/desired/holdings.ts',
    fragment: 'candidates.filter(isWell).length',
    becomes: 'candidates.length',
  },
  {
    name: 'a drain waits for one of its zones only',
    seed: 49,
    file: 'lib/desired/drain.ts',
    fragment: 'const ends = withdrawals.map(forgottenAtMs);',
    becomes: 'const ends = withdrawals.map(forgottenAtMs).slice(0, 1);',
  },
  {
    name: 'a member that drains keeps the address that hands gave it',
    seed: 49,
    file: 'lib/desired/addresses.ts',
    fragment: 'leaving.has(from) || idle.has(from)',
    becomes: 'idle.has(from)',
  },
  {
    name: 'the sick stay in every name',
    seed: 8,
    file: 'lib/desired/sickness.ts',
    fragment: 'shares.filter((share) => !isWithdrawn(share)) : shares;',
    becomes: 'shares : shares;',
  },
  {
    name: 'where all are sick, a name loses all of them',
    seed: 6,
    file: 'lib/desired/sickness.ts',
    fragment: 'return shares.some(isWell) ? shares.filter(',
    becomes: 'return shares.length > 0 || shares.some(isWell) ? shares.filter(',
  },
  {
    name: 'a drain is over though a pass has still to take its names away',
    seed: 49,
    file: 'lib/desired/drain.ts',
    fragment: 'if (view.isDirty || heeding.some(',
    becomes: 'if (heeding.some(',
  },
];
