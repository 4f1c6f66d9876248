import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Request } from '../../lib/model/request.ts';
import type { Registry, WakeUp } from '../../lib/reconcile/ports.ts';
import { ask } from '../../lib/reconcile/requests.ts';
import { Account } from '../../local/account.ts';
import { newRegistry } from './new-registry.ts';

const START_MS = Date.UTC(2026, 0, 2, 12, 0, 0);
const ASKED: Request = {
  id: 'r-1',
  group: 'addresses',
  atMs: START_MS,
  expiresAtMs: START_MS + 60_000,
  body: { kind: 'move', role: 'mail', to: 'i-0b' },
};

let account: Account;
let dynamodb: DynamoDBClient;
let registry: Registry;
let nowMs: number;
let onSleep: () => Promise<unknown>;

const clock = {
  now: () => nowMs,
  sleep: async (milliseconds: number) => {
    nowMs += milliseconds;
    await onSleep();
  },
};

beforeEach(async () => {
  nowMs = START_MS;
  onSleep = () => Promise.resolve();
  account = new Account();
  ({ dynamodb, registry } = await newRegistry(account, clock));
});

afterEach(() => account.close());

describe('requests in the registry', () => {
  it('are read with the work of their group, in the order of their asking', async () => {
    await registry.putRequest({ ...ASKED, id: 'r-0', atMs: START_MS + 5 });
    await registry.putRequest(ASKED);
    const { requests } = await registry.readGroup('addresses');
    expect(requests.map(({ id }) => id)).toEqual(['r-1', 'r-0']);
    expect(requests[0]).toEqual(ASKED);
  });

  it('are not read with the work of another group, nor taken for intents', async () => {
    await registry.putRequest(ASKED);
    expect((await registry.readGroup('Z0AAA')).requests).toEqual([]);
    expect((await registry.readGroup('addresses')).intents).toEqual([]);
  });

  it('are no work any more once they are answered, and the answer is there to read', async () => {
    await registry.putRequest(ASKED);
    const outcome = { kind: 'done', message: 'moved', details: { steps: [{ step: 'associate', ms: 12 }] } } as const;
    expect(await registry.answerRequest(ASKED, outcome)).toBe(true);
    expect((await registry.readGroup('addresses')).requests).toEqual([]);
    expect(await registry.readRequest('addresses', 'r-1')).toEqual({ ...ASKED, outcome });
  });

  it('keep their first answer', async () => {
    await registry.putRequest(ASKED);
    await registry.answerRequest(ASKED, { kind: 'done', message: 'first' });
    expect(await registry.answerRequest(ASKED, { kind: 'failed', message: 'second' })).toBe(false);
    expect((await registry.readRequest('addresses', 'r-1'))?.outcome).toEqual({ kind: 'done', message: 'first' });
  });

  it('are not answered where they are not there', async () => {
    expect(await registry.answerRequest(ASKED, { kind: 'done', message: 'moved' })).toBe(false);
    expect(await registry.readRequest('addresses', 'r-1')).toBeUndefined();
  });

  it('are no work from the moment their asker has given up', async () => {
    await registry.putRequest(ASKED);
    nowMs = START_MS + 59_999;
    expect((await registry.readGroup('addresses')).requests).toHaveLength(1);
    nowMs = START_MS + 60_000;
    expect((await registry.readGroup('addresses')).requests).toEqual([]);
  });

  it('are deleted by DynamoDB a day after they were asked', async () => {
    await registry.putRequest(ASKED);
    const Key = { pk: { S: 'group#addresses' }, sk: { S: '2#request#r-1' } };
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: 'registry', Key }));
    expect(Item?.['expiresAt']).toEqual({ N: '1767441600' });
  });
});

describe('asking', () => {
  const woken: WakeUp[] = [];
  const ports = () => ({
    registry,
    clock,
    random: { id: () => 'r-9' },
    queue: {
      wake: async (wakeUps: readonly WakeUp[]) => void woken.push(...wakeUps),
      later: () => Promise.resolve(),
      putAside: () => Promise.resolve(),
    },
  });

  it('writes the request, wakes its group and brings the answer', async () => {
    let sleeps = 0;
    onSleep = async () => {
      sleeps += 1;
      if (sleeps === 3)
        await registry.answerRequest({ group: 'addresses', id: 'r-9' }, { kind: 'done', message: 'moved' });
    };
    const asked = await ask('addresses', { kind: 'move', role: 'mail', to: 'i-0b' }, ports());
    expect(woken).toEqual([{ kind: 'wake', group: 'addresses', attempt: 0 }]);
    expect(asked).toMatchObject({ kind: 'answered', outcome: { kind: 'done', message: 'moved' } });
    expect(sleeps).toBe(3);
  });

  it('says that nobody answered, once the time is over', async () => {
    const asked = await ask('addresses', { kind: 'move', role: 'mail', to: 'i-0b' }, ports(), 1_000);
    expect(asked.kind).toBe('unanswered');
    expect(nowMs).toBe(START_MS + 1_000);
  });
});
