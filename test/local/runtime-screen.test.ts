import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../lib/model/journal.ts';
import { isMetrics, journalEntryIn } from '../../local/runtime/function-output.ts';
import { Screen } from '../../local/screen.ts';

const ENTRY: JournalEntry = {
  kind: 'moved',
  role: 'mail',
  reason: 'terminated',
  address: '203.0.113.10',
  from: 'i-0a1',
  to: 'i-0b2',
};

function screen(json: boolean) {
  const printed = { stdout: '', stderr: '' };
  const made = new Screen({
    json,
    colour: false,
    stdout: (text) => {
      printed.stdout += text;
    },
    stderr: (text) => {
      printed.stderr += text;
    },
  });
  return { screen: made, printed };
}

const READY = {
  endpoint: 'http://127.0.0.1:4600',
  dns: { address: '127.0.0.1', port: 5300 },
  region: 'us-east-1',
  outputs: {},
  questions: [{ name: 'web.example.com', type: 'A' }],
};

describe('what npm start prints', () => {
  it('is a line for each change', () => {
    const { screen: made, printed } = screen(false);
    made.entry(ENTRY, Date.UTC(2026, 0, 2, 12, 0, 1));
    expect(printed.stdout).toMatch(/^\d\d:\d\d:01 > 203\.0\.113\.10 .*i-0a1 -> i-0b2/);
  });

  it('tells the commands to try, once it is ready', () => {
    const { screen: made, printed } = screen(false);
    made.ready(READY);
    expect(printed.stdout).toContain('\n  dig @127.0.0.1 -p 5300 web.example.com\n');
    expect(printed.stdout).toContain('\n  aws --endpoint-url http://127.0.0.1:4600 ec2 describe-instances\n');
    expect(printed.stdout).toContain('\n  npx rolecall sim terminate web\n');
  });

  it('tells where hosts tell their addresses, if the stack has an endpoint', () => {
    const without = screen(false);
    without.screen.ready(READY);
    expect(without.printed.stdout).not.toContain('nic/update');
    const { screen: made, printed } = screen(false);
    made.ready({ ...READY, endpointUrl: 'http://127.0.0.1:4680/' });
    expect(printed.stdout).toContain('\n  Hosts tell their addresses at http://127.0.0.1:4680/nic/update;');
  });

  it('is one JSON object a line where that is asked for, and nothing else on stdout', () => {
    const { screen: made, printed } = screen(true);
    made.progress('Bundling …');
    made.entry(ENTRY, Date.UTC(2026, 0, 2, 12, 0, 1));
    made.ready(READY);
    made.problem('a function failed');
    const lines = printed.stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      { time: '2026-01-02T12:00:01.000Z', ...ENTRY },
      { kind: 'ready', ...READY },
    ]);
    expect(printed.stderr).toBe('Bundling …\n! a function failed\n');
  });
});

describe('the lines of a function', () => {
  it('are entries of the journal by their kind', () => {
    expect(journalEntryIn(JSON.stringify(ENTRY))).toEqual(ENTRY);
    const drained = {
      kind: 'drained',
      role: 'web',
      reason: 'draining',
      instance: 'i-0a1',
      asked: ['request'],
      waitedMs: 9,
    };
    expect(journalEntryIn(JSON.stringify(drained))).toEqual(drained);
  });

  it('are metrics where they say so, and no complaint', () => {
    expect(isMetrics('{"_aws":{"Timestamp":1,"CloudWatchMetrics":[]},"Changes":1}')).toBe(true);
    expect(isMetrics('{"level":"error","message":"_aws"}')).toBe(false);
    expect(isMetrics(JSON.stringify(ENTRY))).toBe(false);
    expect(isMetrics('Warning: _aws')).toBe(false);
  });

  it.each(['{"level":"error","message":"x"}', '{"kind":"surprise"}', '{"kind":', 'Warning: x', ''])(
    'are otherwise something to complain about: %s',
    (line) => {
      expect(journalEntryIn(line)).toBeUndefined();
    },
  );
});
