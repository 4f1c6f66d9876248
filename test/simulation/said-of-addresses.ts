import type { JournalEntry } from '../../lib/model/journal.ts';
import { someAreForgotten } from './forgotten.ts';
import { claimsOf, isDraining } from './rendering.ts';
import type { World } from './world.ts';

type Word = Extract<JournalEntry, { kind: 'conflict' | 'withheld' | 'refused' }>;

/** What stands said of Elastic IPs, and is not so; and what is so of a pool, and is not said. */
export function wronglySaidOfAddresses(
  world: World,
  printed: readonly JournalEntry[],
  stored: readonly JournalEntry[],
): string[] {
  const kept = lastWords(stored);
  const words = [...lastWords(printed)].flatMap(([key, word]) =>
    word.cleared === true || kept.get(key)?.cleared === true ? [] : [word],
  );
  return [...words.flatMap((word) => wrongly(world, word)), ...poolsOf(world, words)];
}

function lastWords(said: readonly JournalEntry[]): ReadonlyMap<string, Word> {
  const last = new Map<string, Word>();
  for (const entry of said)
    if (entry.kind === 'withheld' && entry.type === 'EIP')
      last.set([entry.role, entry.name, entry.reason, entry.instance].join(' '), entry);
  return last;
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
    if (said.join() === truth.join() || someAreForgotten(world)) return [];
    return [
      `of the pool of ${role}, with ${addresses} addresses for ${members} members, ${said.join() || 'nothing'} is said`,
    ];
  });
}
