import type { Command } from 'commander';
import { InvalidInput, RolecallError } from '../model/errors.ts';
import { normalName } from '../model/name.ts';
import type { RecordSet } from '../model/record-set.ts';
import { setIdentifierOf } from '../model/record-set.ts';
import type { RequestBody } from '../model/request.ts';
import type { Installation } from '../model/role.ts';
import type { Zone } from '../model/zone.ts';
import type { Adoptable, Adoption } from '../reconcile/adoptable.ts';
import { ADOPT, type AdoptResult, RELEASE, type ReleaseResult } from './adopt-schema.ts';
import { type CommonFlags, declare, opened } from './command.ts';
import { printResult, type Surroundings, UsageError } from './surroundings.ts';
import type { Target } from './target.ts';

interface AdoptFlags extends CommonFlags {
  readonly all?: boolean;
  readonly zone?: string;
  readonly yes?: boolean;
}

export function defineAdopt(adopt: Command, surroundings: Surroundings): void {
  declare(adopt, {
    examples: ['adopt www.example.com', 'adopt www.example.com --yes', 'adopt --all --zone pub'],
    result: ADOPT,
  })
    .argument('[names...]', 'names of records that a role would fill now')
    .option('--all', 'every record that the configuration can produce, where the zone has the serial of this owner')
    .option('--zone <key>', 'only in this zone of the configuration')
    .option('--yes', 'adopt what is shown')
    .action(async (names: string[], flags: AdoptFlags, command: Command) => {
      if (flags.all === true ? names.length > 0 : names.length === 0)
        throw new UsageError('rolecall adopt takes names, or --all');
      const { target, ...output } = await opened(surroundings, command);
      const data = await adoptIn(target, surroundings, flags.all === true ? undefined : names.map(normalName), flags);
      printResult(surroundings, { ...output, data }, adoptLines);
    });
}

export function defineRelease(release: Command, surroundings: Surroundings): void {
  declare(release, { examples: ['release www.example.com'], result: RELEASE })
    .argument('<names...>', 'names of records of ours')
    .option('--zone <key>', 'only in this zone of the configuration')
    .action(async (names: string[], flags: AdoptFlags, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const installation = await installed(target);
      surroundings.stderr(`Releasing in ${target.name}\n`);
      const zones = [];
      for (const [zone, ofZone] of byZone(zonesOf(installation, flags.zone), names.map(normalName))) {
        surroundings.progress?.waitFor(`waiting for the next pass of ${zone.name}`);
        const outcome = await askZone(target, zone, { kind: 'release', names: ofZone });
        zones.push({ zone: zone.name, zoneId: zone.id, outcome });
      }
      const data: ReleaseResult = { target: target.name, zones };
      printResult(surroundings, { ...output, data }, ({ zones: done }) => done.map(({ outcome }) => outcome));
    });
}

async function adoptIn(
  target: Target,
  surroundings: Surroundings,
  names: readonly string[] | undefined,
  flags: AdoptFlags,
): Promise<AdoptResult> {
  const installation = await installed(target);
  const { adoptable } = await import('../reconcile/adoptable.ts');
  const ports = await target.ports();
  const chosen = zonesOf(installation, flags.zone);
  const parts: (readonly [Zone, readonly string[] | undefined])[] =
    names === undefined ? chosen.map((zone) => [zone, undefined] as const) : [...byZone(chosen, names)];
  const adoptions: Adoption[] = [];
  for (const [zone, ofZone] of parts) {
    const adoption = await adoptable(zone, installation, ofZone, ports);
    const missing = ofZone?.filter((name) => !adoption.sets.some(({ set }) => set.name === name)) ?? [];
    if (missing.length > 0) throw new InvalidInput(nothingAt(missing));
    adoptions.push(adoption);
  }
  const isMeant = flags.yes === true;
  if (isMeant) surroundings.stderr(`Adopting in ${target.name}\n`);
  const zones: AdoptResult['zones'] = [];
  for (const { zone, serial, sets } of adoptions) {
    const body: RequestBody = { kind: 'adopt', sets: sets.map(({ set }) => set) };
    if (isMeant) surroundings.progress?.waitFor(`waiting for the next pass of ${zone.name}`);
    const outcome = isMeant && sets.length > 0 ? await askZone(target, zone, body) : undefined;
    zones.push({
      zone: zone.name,
      zoneId: zone.id,
      ...(serial === undefined ? {} : { serial }),
      sets: sets.map(shown),
      ...(outcome === undefined ? {} : { outcome }),
    });
  }
  return { target: target.name, adopted: isMeant, zones };
}

function nothingAt(names: readonly string[]): string {
  return `There is nothing to adopt at ${names.join(', ')}: either no record is there, or it is ours, or no member of a configured role would fill it now.`;
}

async function installed(target: Target): Promise<Installation> {
  const installation = await target.registry.readInstallation();
  if (installation === undefined) throw new InvalidInput(`${target.name} has no configuration yet; deploy it first.`);
  return installation;
}

function zonesOf({ zones }: Installation, key: string | undefined): readonly Zone[] {
  const chosen = zones.filter((zone) => key === undefined || zone.key === key);
  if (chosen.length === 0) {
    throw new UsageError(`There is no zone ${key}; the configuration has ${zones.map((zone) => zone.key).join(', ')}.`);
  }
  return chosen;
}

/** Each name in the zone with the longest name that it is in; of a public and a private zone of one name, in both. */
function byZone(zones: readonly Zone[], names: readonly string[]): ReadonlyMap<Zone, readonly string[]> {
  const found = new Map<Zone, string[]>();
  for (const name of names) {
    const fitting = zones.filter((zone) => name === zone.name || name.endsWith(`.${zone.name}`));
    const longest = Math.max(...fitting.map((zone) => zone.name.length));
    const best = fitting.filter((zone) => zone.name.length === longest);
    if (best.length === 0) throw new InvalidInput(`${name} is in none of the zones of the configuration.`);
    if (best.length > 1)
      throw new UsageError(`${name} may be in ${best.map((zone) => zone.key).join(' or ')}; say which with --zone.`);
    for (const zone of best) found.set(zone, [...(found.get(zone) ?? []), name]);
  }
  return found;
}

/** @throws RolecallError where the pass refused it, or did not answer in time. */
async function askZone(target: Target, zone: Zone, body: RequestBody): Promise<string> {
  const { ask } = await import('../reconcile/requests.ts');
  const asked = await ask(zone.id, body, target);
  if (asked.kind === 'unanswered') {
    throw new RolecallError('unanswered', `${zone.name} did not answer in time. It may still be done: look again.`);
  }
  const { kind, message } = asked.outcome;
  if (kind !== 'done') throw new RolecallError(kind, `Nothing was changed in ${zone.name}: ${message}.`);
  return message;
}

function shown({ role, set, fate, after }: Adoptable): AdoptResult['zones'][number]['sets'][number] {
  const setIdentifier = setIdentifierOf(set);
  return {
    role,
    name: set.name,
    type: set.type,
    ...(setIdentifier === '' ? {} : { setIdentifier }),
    found: sideOf(set),
    fate,
    ...(after === undefined ? {} : { after: sideOf(after) }),
  };
}

function sideOf({ values, ttlSeconds }: RecordSet) {
  return { values: [...values], ttlSeconds };
}

function adoptLines({ target, adopted, zones }: AdoptResult): string[] {
  const lines = [`${target} · ${adopted ? 'adopted' : 'what would be adopted'}`];
  for (const { zone, zoneId, serial, sets, outcome } of zones) {
    lines.push('', `${zone} (${zoneId})${serial === undefined ? '' : `, serial ${serial}`}`);
    if (sets.length === 0) lines.push('  nothing');
    for (const { role, name, type, found, fate, after } of sets) {
      const next = fate === 'changes' && after !== undefined ? `becomes ${sideText(after)}` : fate;
      lines.push(`  ${name}  ${type}  ${sideText(found)}  ${next}  (${role})`);
    }
    if (outcome !== undefined) lines.push(`  ${outcome}`);
  }
  if (!adopted && zones.some(({ sets }) => sets.length > 0)) lines.push('', 'Nothing was changed. --yes adopts them.');
  return lines;
}

function sideText({ values, ttlSeconds }: { readonly values: readonly string[]; readonly ttlSeconds: number }): string {
  return `${values.join(' ')} (${ttlSeconds} s)`;
}
