import { describe, expect, it } from 'vitest';
import { Account } from '../../local/account.ts';
import { EventBus } from '../../local/eventbridge/event-bus.ts';
import type { JsonObject } from '../../local/json.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

describe('an event bus', () => {
  it('gives each event to every target of the rules that it matches', () => {
    const bus = new EventBus();
    const [states, all, seen]: [JsonObject[], JsonObject[], JsonObject[]] = [[], [], []];
    bus.onEvent((event) => seen.push(event));
    bus.addRule({
      name: 'states',
      pattern: { detail: { state: ['running'] } },
      targets: [(event) => states.push(event), (event) => all.push(event)],
    });
    bus.addRule({ name: 'all', pattern: { source: ['aws.ec2'] }, targets: [(event) => all.push(event)] });
    const running = { source: 'aws.ec2', detail: { state: 'running' } };
    const stopped = { source: 'aws.ec2', detail: { state: 'stopped' } };
    bus.put(running);
    bus.put(stopped);
    bus.put({ source: 'aws.s3' });
    expect(states).toEqual([running]);
    expect(all).toEqual([running, running, stopped]);
    expect(seen).toEqual([running, stopped, { source: 'aws.s3' }]);
  });

  it('gives nothing to a rule that was removed or replaced', () => {
    const bus = new EventBus();
    const got: string[] = [];
    const rule = (target: string) => ({ name: 'one', pattern: { a: [1] }, targets: [() => got.push(target)] });
    const removeFirst = bus.addRule(rule('first'));
    const removeSecond = bus.addRule(rule('second'));
    removeFirst();
    bus.put({ a: 1 });
    removeSecond();
    bus.put({ a: 1 });
    expect(got).toEqual(['second']);
    expect(bus.rules).toEqual([]);
  });

  it('refuses a rule whose pattern is not valid', () => {
    expect(() => new EventBus().addRule({ name: 'bad', pattern: { a: 1 }, targets: [] })).toThrow(/not valid/);
  });
});

describe('PutEvents', () => {
  const putEvents = async (Entries: unknown[]) => {
    const account = new Account({
      timeline: new VirtualTimeline(Date.UTC(2026, 0, 2, 3, 4, 5, 678)),
      newId: () => 'id-1',
    });
    const events: JsonObject[] = [];
    account.events.onEvent((event) => events.push(event));
    const { status, body } = await account.handle({
      method: 'POST',
      path: '/',
      headers: { 'x-amz-target': 'AWSEvents.PutEvents' },
      body: JSON.stringify({ Entries }),
    });
    const answer: unknown = JSON.parse(body);
    return { status, answer, events };
  };

  it('puts events on the bus as EventBridge delivers them', async () => {
    const { answer, events } = await putEvents([
      { Source: 'my.app', DetailType: 'Thing done', Detail: '{"a":1}', Resources: ['arn:x'] },
      { Source: 'my.app', DetailType: 'Thing done', Detail: '{}', Time: 1_767_225_600 },
    ]);
    expect(answer).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: 'id-1' }, { EventId: 'id-1' }] });
    expect(events).toEqual([
      {
        version: '0',
        id: 'id-1',
        'detail-type': 'Thing done',
        source: 'my.app',
        account: '123456789012',
        time: '2026-01-02T03:04:05Z',
        region: 'us-east-1',
        resources: ['arn:x'],
        detail: { a: 1 },
      },
      expect.objectContaining({ time: '2026-01-01T00:00:00Z', resources: [] }),
    ]);
  });

  it('refuses an entry for itself', async () => {
    const { answer, events } = await putEvents([
      { Source: 'aws.ec2', DetailType: 'x', Detail: '{}' },
      { Source: 'my.app', DetailType: 'x', Detail: 'no json' },
      { Source: 'my.app', Detail: '{}' },
      { Source: 'my.app', DetailType: 'x', Detail: '{}' },
    ]);
    expect(answer).toMatchObject({
      FailedEntryCount: 3,
      Entries: [
        { ErrorCode: 'NotAuthorizedForSourceException' },
        { ErrorCode: 'MalformedDetail' },
        { ErrorCode: 'InvalidArgument' },
        { EventId: 'id-1' },
      ],
    });
    expect(events).toHaveLength(1);
  });

  it('refuses eleven entries', async () => {
    const entry = { Source: 'my.app', DetailType: 'x', Detail: '{}' };
    const { status, answer } = await putEvents(Array.from({ length: 11 }, () => entry));
    expect([status, answer]).toMatchObject([400, { __type: 'ValidationException' }]);
  });
});
