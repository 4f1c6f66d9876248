import type { Table } from '../../local/dynamodb/table.ts';
import { Chance } from './chance.ts';
import { Violated, type World } from './world.ts';

type Item = Parameters<Table['put']>[0];

const PROMISE = '7 nothing is lost';
/** Kinds that no version has yet. */
const SUBJECT = { kind: 'rack', rack: 'r7' };
const ADDITION = { rack: 'r7' };

/**
 * A version of tomorrow that is at work side by side with this one: it marks and asks for what this one does not know, adds to what
 * facts and messages hold, and expects to find again what it wrote.
 */
export class OtherVersion {
  readonly #world: World;
  readonly #chance: Chance;
  /** What it wrote, and this version must leave alone: by key. */
  readonly #left = new Map<string, Item>();
  readonly #facts = new Set<string>();

  constructor(world: World) {
    this.#world = world;
    this.#chance = new Chance(world.seed, 'another version');
  }

  act(): void {
    const deed = this.#chance.pick(['mark', 'request', 'fact', 'fact', 'message'] as const);
    this.#world.note(`another version: ${deed}`);
    if (this[deed]()) this.#world.count(`another version: ${deed}`);
  }

  /** All of it is there still, as it was. */
  assertKept(): void {
    for (const [key, item] of this.#left) {
      const now = this.#world.table?.get({ pk: item['pk'] ?? text(''), sk: item['sk'] ?? text('') });
      if (JSON.stringify(now) !== JSON.stringify(item))
        throw new Violated(PROMISE, `${key} of another version is ${now === undefined ? 'gone' : 'another now'}`);
    }
    for (const id of this.#facts) {
      const item = this.#world.table?.get({ pk: text('facts'), sk: text(id) });
      if (item === undefined || bodyOf(item)['rack'] === ADDITION.rack) continue;
      throw new Violated(PROMISE, `the fact of ${id} has lost what another version added`);
    }
  }

  #group(): string {
    const { pub, int, rev } = this.#world.zones;
    return this.#chance.pick([pub.id, int.id, rev.id, 'addresses'] as const);
  }

  mark(): boolean {
    const group = this.#group();
    const role = this.#chance.pick(Object.keys(this.#world.setting.roles)) ?? 'web';
    const body = JSON.stringify({ group, subject: SUBJECT, reason: 'racked' });
    const rest = { body: text(body), stamp: text(this.#world.newId()), since: { N: '1' }, roles: { SS: [role] } };
    return this.#put(`group#${group}`, '1#mark#rack#r7', rest);
  }

  request(): boolean {
    const group = this.#group();
    const atMs = this.#world.timeline.now();
    const id = this.#world.newId();
    const body = { id, group, atMs, expiresAtMs: atMs + 7_200_000, body: { kind: 'rename', from: 'a', to: 'b' } };
    return this.#put(`group#${group}`, `2#request#${id}`, { body: text(JSON.stringify(body)) });
  }

  /** As that version would write a fact: in the place of the version that it read. */
  fact(): boolean {
    const facts = this.#world.table?.partition(text('facts')) ?? [];
    const fact = this.#chance.pick(facts);
    const id = fact?.['sk'];
    if (fact === undefined || id === undefined || !('S' in id)) return false;
    const version = fact['version'];
    const next = { N: String(Number(version !== undefined && 'N' in version ? version.N : 0) + 1) };
    this.#world.table?.put({ ...fact, version: next, body: text(JSON.stringify({ ...bodyOf(fact), ...ADDITION })) });
    this.#facts.add(id.S);
    return true;
  }

  message(): boolean {
    const group = this.#group();
    const queue = this.#chance.pick(['EventsQueue', 'LaterQueue', 'WorkQueue'] as const);
    const body = this.#chance.pick([
      JSON.stringify({ kind: 'wake', group, attempt: 0, because: 'rack' }),
      JSON.stringify({ kind: 'rename', group, version: 2 }),
      '{"nonsense":',
      'null',
    ] as const);
    const fifo = queue === 'WorkQueue' ? { groupId: group, deduplicationId: this.#world.newId() } : {};
    this.#world.account.sqs.byUrl(this.#world.stack?.outputs[queue] ?? '').send({ body, ...fifo });
    return true;
  }

  #put(pk: string, sk: string, rest: Item): boolean {
    const item = { pk: text(pk), sk: text(sk), ...rest };
    this.#world.table?.put(item);
    this.#left.set(`${pk} ${sk}`, item);
    return true;
  }
}

function text(value: string): { readonly S: string } {
  return { S: value };
}

export function bodyOf({ body }: Item): Readonly<Record<string, unknown>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an object, as every fact is
  return JSON.parse(body !== undefined && 'S' in body ? body.S : '{}') as Readonly<Record<string, unknown>>;
}
