import type { JournalEntry } from '../../lib/model/journal.ts';
import { claimsOf, isDraining } from './rendering.ts';
import type { World } from './world.ts';

type Word = Extract<JournalEntry, { kind: 'conflict' | 'withheld' | 'refused' }>;

/** What stands said of Elastic IPs, and is not so; and what is so of a pool, and is not said. */
export function wronglySaidOfAddresses(
  world: World,
  printed: readonly JournalEntry[],
  stored: readonly JournalEntry[],
): string[] {
  const words = standing(wordsIn(printed), wordsIn(stored));
  return [...words.flatMap((word) => wrongly(world, word)), ...poolsOf(world, words)];
}

type Words = ReadonlyMap<string, readonly Word[]>;

/** In the order in which they were said, by what they are about. */
function wordsIn(said: readonly JournalEntry[]): Words {
  const found = new Map<string, Word[]>();
  for (const entry of said) {
    if (entry.kind !== 'withheld' || entry.type !== 'EIP') continue;
    const key = [entry.role, entry.name, entry.reason, entry.instance].join(' ');
    found.set(key, [...(found.get(key) ?? []), entry]);
  }
  return found;
}

/** Said and not taken back. A Lambda that dies when it has stored a word prints it no more: then the table has one more. */
function standing(printed: Words, stored: Words): Word[] {
  return [...new Set([...printed.keys(), ...stored.keys()])].flatMap((key) => {
    const [lines, kept] = [printed.get(key) ?? [], stored.get(key) ?? []];
    const last = (kept.length > lines.length ? [kept] : [kept, lines]).flatMap((words) => words.at(-1) ?? []);
    return last.some(({ cleared }) => cleared === true) ? [] : last.slice(0, 1);
  });
}

function wrongly({ account }: World, { name, reason, instance }: Word): string[] {
  if (instance === undefined) return [];
  const held = account.ec2.elasticIps.addresses
    .current()
    .filter(({ association }) => association?.instanceId === instance);
  const isSo =
    reason === 'address-held'
      ? held.some(({ address }) => address === name)
      : held.some(({ address }) => address !== name);
  if ((reason !== 'address-held' && reason !== 'has-elastic-ip') || isSo) return [];
  return [
    `${reason} is said of ${name} and ${instance}, which has ${held.map(({ address }) => address).join(' ') || 'none'}`,
  ];
}

/** Whether a pool is empty, or too small. */
function poolsOf(world: World, words: readonly Word[]): string[] {
  const { account, setting } = world;
  return Object.entries(setting.roles).flatMap(([role, definition]) => {
    if (typeof definition !== 'object' || definition.elasticIp === undefined) return [];
    const { pool } = definition.elasticIp;
    const addresses = account.ec2.elasticIps.addresses
      .current()
      .filter(({ tags }) => tags['rolecall:pool'] === pool).length;
    const members = account.ec2.fleet.instances
      .current()
      .filter((each) => each.state === 'running' && claimsOf(each).includes(role) && !isDraining(each)).length;
    const truth = addresses === 0 ? ['pool-empty'] : members > addresses ? ['pool-too-small'] : [];
    const said = words
      .filter((word) => word.role === role && (word.reason === 'pool-empty' || word.reason === 'pool-too-small'))
      .map(({ reason }) => reason);
    if (said.join() === truth.join()) return [];
    return [
      `of the pool of ${role}, with ${addresses} addresses for ${members} members, ${said.join() || 'nothing'} is said`,
    ];
  });
}
