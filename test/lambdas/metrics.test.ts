import { afterEach, describe, expect, it, vi } from 'vitest';
import { metered } from '../../lambdas/metrics.ts';
import type { Runtime } from '../../lambdas/runtime.ts';
import type { JournalEntry } from '../../lib/model/journal.ts';

const MOVED: JournalEntry = {
  kind: 'moved',
  role: 'mail',
  reason: 'terminated',
  address: '198.51.100.1',
  to: 'i-0b2',
};
const CREATED: JournalEntry = {
  kind: 'change',
  action: 'create',
  role: 'web',
  zone: 'example.com',
  name: 'web.example.com',
  type: 'A',
  reason: 'launched',
  before: [],
  after: ['203.0.113.1'],
  ttl: 60,
  members: ['i-0a1'],
  batch: 'b',
  serial: 2,
  eventToAcceptedMs: 250,
};

const written: string[] = [];
const runtime: Runtime = {
  clock: { now: () => 0, sleep: async () => undefined },
  random: { id: () => 'id' },
  log: {
    journal: (entry) => written.push(JSON.stringify(entry)),
    measure: () => undefined,
    error: () => undefined,
  },
};

/** What the embedded metric format puts on stdout while the handler runs. */
async function emitted(run: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  try {
    await run();
  } finally {
    spy.mockRestore();
  }
  return lines
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.includes('"_aws"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

afterEach(() => {
  written.length = 0;
});

describe('a metered handler', () => {
  it('writes one line for all roles together and one for each, at the end of the invocation', async () => {
    const handler = metered(runtime, 'Rolecall', ({ log }) => async () => {
      for (const entry of [CREATED, CREATED, MOVED]) log.journal(entry);
    });
    const lines = await emitted(() => handler({}));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ service: 'Rolecall', Changes: [1, 1], Moves: 1 });
    expect(lines[1]).toMatchObject({ service: 'Rolecall', role: 'web', SecondsToAccepted: [0.25, 0.25] });
    expect(lines[1]).toHaveProperty('_aws.CloudWatchMetrics.0.Namespace', 'Rolecall');
  });

  it('still writes the journal, line for line', async () => {
    const handler = metered(
      runtime,
      'Rolecall',
      ({ log }) =>
        async () =>
          log.journal(MOVED),
    );
    await emitted(() => handler({}));
    expect(written).toEqual([JSON.stringify(MOVED)]);
  });

  it('writes what was measured before it failed, and once', async () => {
    const handler = metered(runtime, 'Rolecall', ({ log }) => async () => {
      log.measure([{ name: 'SweepFailures', value: 1 }]);
      throw new Error('so it is');
    });
    const lines = await emitted(async () => await expect(handler({})).rejects.toThrow('so it is'));
    expect(lines.map((line) => line['SweepFailures'])).toEqual([1]);
  });

  it('writes nothing where nothing happened, and nothing where metrics are off', async () => {
    expect(await emitted(() => metered(runtime, 'Rolecall', () => async () => undefined)({}))).toEqual([]);
    const off = metered(
      runtime,
      undefined,
      ({ log }) =>
        async () =>
          log.journal(MOVED),
    );
    expect(await emitted(() => off({}))).toEqual([]);
  });
});
