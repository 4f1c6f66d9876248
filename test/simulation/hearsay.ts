import type { JournalEntry } from '../../lib/model/journal.ts';
import { Violated, type World } from './world.ts';

/** Holds what the journal says against what really happened. */
export class Hearsay {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  check(entry: JournalEntry): void {
    if (entry.kind === 'drift') this.#checkHands(entry.zone, entry.name, 'drift');
    if (entry.kind === 'conflict' && entry.reason === 'foreign-record' && entry.cleared !== true)
      this.#checkHands(entry.zone, entry.name, 'a foreign record');
    if (entry.kind === 'moved') this.#checkMoved(entry);
    if (entry.kind === 'refused' && entry.reason === 'not-allowed') this.#checkRefused(entry.instance ?? '');
    if (entry.kind === 'drained') this.#checkForgotten(entry.instance);
  }

  /** Nobody but hands makes drift, or foreign records: else we took our own work for another's. */
  #checkHands(zoneName = '', name = '', what: string): void {
    const zoneId = Object.values(this.#world.zones).find((each) => each.name === zoneName)?.id;
    if (this.#world.chronicle.handled.has(`${zoneId} ${name}`)) return;
    throw new Violated('12 what is said is so', `${what} at ${name}, where no hand has changed anything`);
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
    const seconds = this.#world.secondsRemembered(instanceId);
    if (seconds > 0)
      throw new Violated('drained means forgotten', `resolvers may have an address of ${instanceId} for ${seconds} s`);
  }
}
