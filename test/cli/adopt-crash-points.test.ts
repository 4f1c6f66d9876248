import { expect, it } from 'vitest';
import type { CallHooks } from '../../local/in-process.ts';
import { World } from '../../local/simulation/world.ts';
import { PUB } from './worlds.ts';
import { rolecallOn } from './world-target.ts';

const CONFIGURATION = { owner: 'test', zones: { pub: PUB }, roles: { web: 'pub', api: 'pub' } } as const;

/** λ reconcile dies once where it would say what became of a request: just before, or just after. */
function dyingAtTheAnswer(way: 'before' | 'after', deaths: string[]): () => CallHooks {
  const die = async ({ parameters }: { readonly parameters: unknown }, at: 'before' | 'after') => {
    if (way !== at || deaths.length > 0 || !JSON.stringify(parameters).includes('SET #outcome')) return;
    deaths.push(at);
    await new Promise<void>(() => {});
  };
  return () => ({ before: async (call) => await die(call, 'before'), after: async (call) => await die(call, 'after') });
}

async function ownedSets(world: World): Promise<unknown> {
  const { stdout } = await rolecallOn(world, 'status', '--json');
  return /"ownedSets": ?(\d+)/.exec(stdout)?.[1];
}

it.each(['before', 'after'] as const)(
  'a Lambda that dies between an edit of the ledger and its answer has edited it once: %s the answer',
  async (way) => {
    for (const command of [
      ['adopt', 'api.example.com', '--yes'],
      ['release', 'web.example.com'],
    ]) {
      const deaths: string[] = [];
      const world = await World.open(CONFIGURATION, {
        hooks: (kind) => (kind === 'Reconcile' ? dyingAtTheAnswer(way, deaths)() : {}),
        before: async (early) => await early.edit(PUB.id, 'CREATE', 'api.example.com', 'A', 60, '192.0.2.1'),
      });
      await world.launch('web');
      await world.launch('api');
      await world.advance(65);
      expect(await ownedSets(world)).toBe('1');
      const { code, stderr } = await rolecallOn(world, ...command);
      expect(deaths).toEqual([way]);
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      await world.advance(130);
      const isAdopted = command[0] === 'adopt';
      expect(await ownedSets(world)).toBe(isAdopted ? '2' : '0');
      expect(await world.zone(PUB.id)).toEqual([
        isAdopted ? 'api.example.com A 60 203.0.113.12' : 'api.example.com A 60 192.0.2.1',
        'web.example.com A 60 203.0.113.11',
      ]);
      const said = world.journal.filter(
        (entry) => entry.kind === 'conflict' && entry.name?.startsWith(isAdopted ? 'api' : 'web'),
      );
      expect(said).toHaveLength(isAdopted ? 2 : 1);
      expect(world.failures).toHaveLength(1);
      await world.close();
    }
  },
);
