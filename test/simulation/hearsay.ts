import type { JournalEntry } from '../../lib/model/journal.ts';
import type { ElasticIp } from '../../local/ec2/elastic-ips.ts';
import { STEADY_MS } from './chronicle.ts';
import { secondsRemembered } from './remembered.ts';
import { claimsOf, isDraining } from './rendering.ts';
import { Violated, type World } from './world.ts';

/** Holds what the journal says against what really happened. */
export class Hearsay {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  check(entry: JournalEntry): void {
    const { handled, strangersNames } = this.#world.chronicle;
    if (entry.kind === 'drift') this.#checkHands(entry.zone, entry.name, 'drift', [handled]);
    if (entry.kind === 'conflict' && entry.reason === 'foreign-record' && entry.cleared !== true)
      this.#checkHands(entry.zone, entry.name, 'a foreign record', [handled, strangersNames]);
    if (entry.kind === 'conflict' && entry.cleared === true && this.#isStrangers(entry.zone, entry.name))
      this.#tell('another Rolecall out of the way');
    if (entry.kind === 'moved') this.#checkMoved(entry);
    if (entry.kind === 'refused' && entry.reason === 'not-allowed') this.#checkRefused(entry.instance ?? '');
    if (entry.kind === 'drained') this.#checkForgotten(entry.instance);
  }

  /** Nobody but hands makes drift, and only another Rolecall foreign records besides: else we took our own work for another's. */
  #checkHands(zoneName = '', name = '', what: string, makers: readonly ReadonlySet<string>[]): void {
    const zoneId = this.#idOf(zoneName);
    if (this.#isStrangers(zoneName, name)) this.#tell('another Rolecall in the way');
    if (makers.some((made) => made.has(`${zoneId} ${name}`))) return;
    throw new Violated('12 what is said is so', `${what} at ${name}, where nobody else has changed anything`);
  }

  /** Whichever of the two it is that met the other. */
  #tell(what: string): void {
    const { first } = this.#world;
    (first ?? this.#world).count(what);
  }

  #idOf(zoneName: string): string | undefined {
    return Object.values(this.#world.zones).find((each) => each.name === zoneName)?.id;
  }

  #isStrangers(zoneName = '', name = ''): boolean {
    return this.#world.chronicle.strangersNames.has(`${this.#idOf(zoneName)} ${name}`);
  }

  #checkMoved({ address, from, to }: Extract<JournalEntry, { kind: 'moved' }>): void {
    for (const holder of from === undefined ? [to] : [from, to]) {
      if (this.#world.chronicle.associated.has(`${address} ${holder}`)) continue;
      throw new Violated(
        '12 what is said is so',
        `${holder} never had ${address}, which is said to have moved to ${to}`,
      );
    }
  }

  #checkRefused(instanceId: string): void {
    const profile = this.#world.account.ec2.fleet.find(instanceId)?.instanceProfile;
    if (profile?.includes('/trusted-') !== true) return;
    throw new Violated('12 what is said is so', `${instanceId} is refused, though it may claim the role`);
  }

  /** Who is drained may go: no resolver that keeps to the TTL has an answer with its addresses. */
  #checkForgotten(instanceId: string): void {
    const seconds = secondsRemembered(this.#world, instanceId);
    if (seconds > 0)
      throw new Violated('drained means forgotten', `resolvers may have an address of ${instanceId} for ${seconds} s`);
    const kept = keptFromOthers(this.#world, instanceId);
    if (kept !== undefined) throw new Violated('drained means forgotten', kept);
  }
}

/** A drain moves an Elastic IP away while a member of the role, known to all, has none. */
function keptFromOthers({ account, chronicle, setting, trouble }: World, instanceId: string): string | undefined {
  const addresses = account.ec2.elasticIps.addresses.current();
  const kept = addresses.find(({ association }) => association?.instanceId === instanceId);
  const pool = kept?.tags['rolecall:pool'];
  const [role] =
    Object.entries(setting.roles).find(
      ([, definition]) => typeof definition === 'object' && pool !== undefined && definition.elasticIp?.pool === pool,
    ) ?? [];
  const drained = account.ec2.fleet.find(instanceId);
  if (kept === undefined || role === undefined || drained === undefined || !claimsOf(drained).includes(role)) return;
  // One that is nobody's, or with a stranger, may be the one that is waited for.
  const isWithMember = ({ association }: ElasticIp) =>
    claimsOf(account.ec2.fleet.find(association?.instanceId ?? '') ?? { tags: {} }).includes(role);
  if (!addresses.filter(({ tags }) => tags['rolecall:pool'] === pool).every(isWithMember)) return;
  if (chronicle.unlistedSinceMs.size > 0 || trouble.disturbedUntilMs + STEADY_MS > chronicle.nowMs) return;
  const waits = account.ec2.fleet.instances
    .current()
    .find(
      (each) =>
        chronicle.isSteady(each, STEADY_MS) &&
        each.impairedSinceMs === undefined &&
        !isDraining(each) &&
        claimsOf(each).includes(role) &&
        addresses.every(({ association }) => association?.instanceId !== each.id),
    );
  return waits === undefined ? undefined : `${instanceId} still has ${kept.address}, for which ${waits.id} waits`;
}
