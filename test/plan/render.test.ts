import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../lib/model/journal.ts';
import { CHANGE_REASONS, WITHHELD_REASONS } from '../../lib/model/reason.ts';
import { CHANGE_PROSE, renderEntry, WITHHELD_PROSE } from '../../lib/plan/render.ts';

const NOON_MS = Date.UTC(2026, 10, 21, 12, 0, 1);

function line(entry: JournalEntry, timeMs = NOON_MS): string {
  return renderEntry(entry, { colour: false, timeMs });
}

const created: Extract<JournalEntry, { kind: 'change' }> = {
  kind: 'change',
  action: 'create',
  role: 'web',
  zone: 'example.com',
  name: 'web.example.com',
  type: 'A',
  reason: 'launched',
  instance: 'i-0a1',
  before: [],
  after: ['203.0.113.11', '203.0.113.12'],
  ttl: 60,
  members: ['i-0a1', 'i-0b2'],
  batch: 'b1',
  serial: 1,
};

const updated: JournalEntry = {
  ...created,
  action: 'update',
  reason: 'terminated',
  instance: 'i-0b2',
  before: ['203.0.113.11', '203.0.113.12'],
  after: ['203.0.113.11'],
  members: ['i-0a1'],
  eventToAcceptedMs: 41,
};

describe('a line of the journal', () => {
  test('tells a create with its members', () => {
    expect(line(created)).toBe(
      '12:00:01 + web.example.com    A  203.0.113.11, 203.0.113.12   ttl 60   i-0a1, i-0b2 serving',
    );
  });

  test('tells an update with what was, the member that caused it, and how long it took', () => {
    expect(line(updated, NOON_MS + 8000)).toBe(
      '12:00:09 ~ web.example.com    A  203.0.113.11 (was .11, .12)           i-0b2 shutting-down · event to accepted 41 ms',
    );
  });

  test('tells an update of the TTL alone', () => {
    expect(line({ ...created, action: 'update', reason: 'configured', before: created.after, ttl: 30 })).toBe(
      '12:00:01 ~ web.example.com    A  203.0.113.11, 203.0.113.12   ttl 30   i-0a1 configuration changed',
    );
  });

  test('spells out what was in another network', () => {
    expect(line({ ...updated, before: ['198.51.100.1', '203.0.113.12'] })).toContain(
      '203.0.113.11 (was 198.51.100.1, .12)',
    );
    expect(line({ ...updated, type: 'AAAA', before: ['2001:db8::1'], after: ['2001:db8::2'] })).toContain(
      '2001:db8::2 (was 2001:db8::1)',
    );
  });

  test('tells a delete with what went', () => {
    expect(line({ ...updated, action: 'delete', before: ['203.0.113.11'], after: [] })).toBe(
      '12:00:01 - web.example.com    A  203.0.113.11                          i-0b2 shutting-down · event to accepted 41 ms',
    );
  });

  test('counts what is too much to spell out', () => {
    const values = Array.from({ length: 9 }, (_each, index) => `203.0.113.${index}`);
    expect(line({ ...created, after: values })).toContain(
      '203.0.113.0, 203.0.113.1, 203.0.113.2, 203.0.113.3 and 5 more   ttl 60',
    );
  });

  test('names slots in words', () => {
    const reserved: JournalEntry = { ...created, members: ['slot:1'] };
    expect(line(reserved)).toMatch(/ {3}slot 1 serving$/);
  });

  test('tells a conflict, and its end', () => {
    const conflict: JournalEntry = {
      kind: 'conflict',
      role: 'web',
      zone: 'example.com',
      name: 'web.example.com',
      type: 'A',
      reason: 'foreign-record',
    };
    expect(line(conflict)).toBe(
      '12:00:01 ! web.example.com    A  conflict (foreign-record)             a record that Rolecall does not own is in the way',
    );
    expect(line({ ...conflict, cleared: true, detail: 'A 192.0.2.1' })).toBe(
      '12:00:01 = web.example.com    A  no longer conflict (foreign-record)   A 192.0.2.1',
    );
  });

  test('tells what is withheld, of whom', () => {
    const withheld: JournalEntry = { kind: 'withheld', role: 'web', reason: 'no-address', instance: 'i-0a1' };
    expect(line(withheld)).toBe(
      '12:00:01 ! web                   withheld (no-address)                 no such address · i-0a1',
    );
    expect(line({ ...withheld, detail: 'i-0a1 has no IPv6 address' })).toMatch(/ {3}i-0a1 has no IPv6 address$/);
  });

  test('tells of standbys as of nothing wrong', () => {
    const standbys: JournalEntry = {
      kind: 'withheld',
      role: 'mail',
      name: 'mail',
      type: 'EIP',
      reason: 'pool-too-small',
    };
    expect(line(standbys)).toMatch(/^12:00:01 · mail +EIP withheld \(pool-too-small\)/);
    expect(line({ ...standbys, cleared: true })).toMatch(/^12:00:01 = mail +EIP no longer withheld/);
    expect(line({ ...standbys, reason: 'pool-empty' })).toMatch(/^12:00:01 ! mail /);
  });

  test('tells a claim that is refused', () => {
    expect(line({ kind: 'refused', role: 'wbe', reason: 'unknown-role', instance: 'i-0a1' })).toBe(
      '12:00:01 ! wbe                   refused (unknown-role)                no such role is configured · i-0a1',
    );
  });

  test('tells drift', () => {
    const drift: JournalEntry = {
      kind: 'drift',
      role: 'web',
      zone: 'example.com',
      name: 'web.example.com',
      type: 'A',
      reason: 'drift',
      before: ['203.0.113.11'],
      after: [],
    };
    expect(line(drift)).toBe(
      '12:00:01 ! web.example.com    A  found nothing (expected 203.0.113.11)   changed by other hands',
    );
  });

  test('tells a move of an address', () => {
    const moved: JournalEntry = {
      kind: 'moved',
      role: 'mail',
      reason: 'terminated',
      address: '198.51.100.1',
      from: 'i-0a1',
      to: 'i-0b2',
      eventToAcceptedMs: 90,
    };
    expect(line(moved)).toBe(
      '12:00:01 > 198.51.100.1       IP mail: i-0a1 -> i-0b2                  i-0a1 shutting-down · event to accepted 90 ms',
    );
  });

  test('has colour where asked for, and none where not', () => {
    expect(renderEntry(created, { colour: true, timeMs: NOON_MS })).toContain('\u001b[32m+\u001b[0m');
    expect(line(created)).not.toContain('\u001b');
  });
});

/** As it is read from the registry, where another version wrote it. */
function written(json: string): JournalEntry {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the registry holds is not checked when it is read
  return JSON.parse(json) as JournalEntry;
}

describe('a line that a newer version wrote', () => {
  test('has the code of a reason that this one does not know', () => {
    expect(
      line(written(JSON.stringify({ ...created, action: 'delete', before: ['203.0.113.11'], reason: 'moth' }))),
    ).toBe('12:00:01 - web.example.com    A  203.0.113.11                          i-0a1 moth');
    const moved = { kind: 'moved', role: 'mail', address: '198.51.100.1', from: 'i-0a1', to: 'i-0b2', reason: 'moth' };
    expect(line(written(JSON.stringify(moved)))).toContain('i-0a1 moth');
  });

  test('has the code of what this one does not know to be withheld for, and the instance', () => {
    const refused = { kind: 'refused', role: 'web', reason: 'eclipse', instance: 'i-0a1' };
    expect(line(written(JSON.stringify(refused)))).toBe(
      '12:00:01 ! web                   refused (eclipse)                     eclipse · i-0a1',
    );
  });

  test('is shown as it is where even its kind is not known', () => {
    expect(line(written('{"kind":"weighed","role":"web"}'))).toBe('12:00:01 · {"kind":"weighed","role":"web"}');
  });
});

describe('prose', () => {
  test('is there for every reason', () => {
    expect(Object.keys(CHANGE_PROSE).sort()).toEqual([...CHANGE_REASONS].sort());
    expect(Object.keys(WITHHELD_PROSE).sort()).toEqual([...WITHHELD_REASONS].sort());
  });
});
