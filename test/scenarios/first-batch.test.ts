import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { CallHooks } from '../../local/in-process.ts';
import type { InvocationContext } from '../../local/runtime/lambda-host.ts';
import { World } from '../../local/simulation/world.ts';

const PUB = 'Z0PUB';
const INT = 'Z0INT';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { cache: 'int', queue: 'int' },
};

let world: World;

afterEach(async () => {
  await world.close();
});

/** The first Lambda that would write to Route 53 dies before it does. */
function deadBeforeWriting(): CallHooks & { readonly state: { hasDied: boolean } } {
  const state = { hasDied: false };
  return {
    state,
    before: async ({ operation }) => {
      if (state.hasDied || operation !== 'ChangeResourceRecordSets') return;
      state.hasDied = true;
      await new Promise<void>(() => {});
    },
  };
}

async function open(hooks: CallHooks): Promise<void> {
  world = await World.open(CONFIGURATION, { hooks: (kind) => (kind === 'Reconcile' ? hooks : {}) });
}

function kinds(): string[] {
  return world.journal.map(({ kind }) => kind);
}

describe('the first batch of a zone', () => {
  it('is known as ours where its Lambda died after it, and then hands deleted the serial', async () => {
    let hasDied = false;
    await open({
      after: async ({ operation }) => {
        if (hasDied || operation !== 'ChangeResourceRecordSets') return;
        hasDied = true;
        await new Promise<void>(() => {});
      },
    });
    await world.launch('cache');
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
    expect(hasDied).toBe(true);
    await world.deleteSerial(INT);
    await world.launch('cache');
    await world.advance(200);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11 10.0.40.11']);
    expect(kinds()).not.toContain('conflict');
  });

  it('is made by hands where there was none of ours', async () => {
    const dead = deadBeforeWriting();
    await open(dead);
    await world.launch('cache');
    await world.advance(5);
    expect(dead.state.hasDied).toBe(true);
    await world.edit(INT, 'CREATE', 'cache.corp.internal', 'A', 60, '192.0.2.1');
    await world.advance(200);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 192.0.2.1']);
    expect(kinds()).toContain('conflict');
  });
});

describe('the first batch of a zone that never came about', () => {
  const SITE: Configuration = {
    owner: 'test',
    zones: { pub: { name: 'example.com', id: PUB } },
    roles: {
      site: { names: [{ zone: 'pub' }], aliases: ['www.example.com'], whenEmpty: { answer: 'elsewhere.example.net' } },
    },
  };
  const THEIRS = ['site.example.com CNAME 60 elsewhere.example.net', 'www.example.com CNAME 60 site.example.com'];

  it('is not taken for ours where another has made the very same sets before', async () => {
    const hooks = deadBeforeWriting();
    world = await World.open(SITE, {
      hooks: (kind) => (kind === 'Reconcile' ? hooks : {}),
      before: async (before) => {
        await before.edit(PUB, 'CREATE', 'site.example.com', 'CNAME', 60, 'elsewhere.example.net');
        await before.edit(PUB, 'CREATE', 'www.example.com', 'CNAME', 60, 'site.example.com');
      },
    });
    await world.advance(200);
    expect(await world.zone(PUB)).toEqual(THEIRS);
    expect(kinds()).toEqual(['conflict', 'conflict']);
    await world.launch('site');
    await world.advance(70);
    expect(await world.zone(PUB)).toEqual(THEIRS);
    expect(kinds()).not.toContain('change');
  });

  it('keeps nobody from seeing that another’s record is in the way of the next', async () => {
    const dead = deadBeforeWriting();
    await open(dead);
    await world.launch('cache');
    await world.advance(5);
    expect(dead.state.hasDied).toBe(true);
    await world.edit(INT, 'CREATE', 'queue.corp.internal', 'A', 60, '192.0.2.1');
    await world.launch('queue');
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11', 'queue.corp.internal A 60 192.0.2.1']);
    expect(kinds()).toEqual(['change', 'conflict']);
  });
});

describe('a pass that was held up while it read the serial', () => {
  it('takes nothing of ours for the work of hands where that is of the first batch, which another pass made', async () => {
    let release: () => void = () => {};
    let isArmed = true;
    await open({
      before: async ({ operation }) => {
        if (!isArmed || operation !== 'ListResourceRecordSets') return;
        isArmed = false;
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      },
    });
    await world.launch('cache');
    await world.advance(5);
    expect(isArmed).toBe(false);
    await world.another('Reconcile', {})(world.wakeUp(INT), {} as InvocationContext);
    await world.launch('cache');
    await world.advance(1);
    release();
    await world.advance(130);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11 10.0.40.11']);
    expect(kinds()).not.toContain('drift');
    expect(kinds()).not.toContain('conflict');
  });
});
