import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../lib/model/change.ts';
import { type RecordType, recordSet } from '../../lib/model/record-set.ts';
import { nextBatch, wireChanges } from '../../lib/plan/batch.ts';

const cause = { role: 'web', reason: 'address' as const, instances: [], contributors: {} };

function set(name: string, values: readonly string[], type: RecordType = 'A') {
  return recordSet(`${name}.example.com`, type, 60, values);
}

function create(name: string, values = ['10.0.0.1'], type: RecordType = 'A'): Change {
  return { ...cause, urgent: false, action: 'create', after: set(name, values, type) };
}

function remove(name: string, urgent = false, type: RecordType = 'A', values = ['10.0.0.1']): Change {
  return { ...cause, urgent, action: 'delete', before: set(name, values, type) };
}

function update(name: string, before: readonly string[], after: readonly string[], urgent = false): Change {
  return { ...cause, urgent, action: 'update', before: set(name, before), after: set(name, after) };
}

/** The batches one after the other, each change as `action name type`. */
function batches(changes: readonly Change[], maxElements = 1000): string[][] {
  const all: string[][] = [];
  let rest = changes;
  while (rest.length > 0 && all.length < 1000) {
    const next = nextBatch(rest, { maxElements });
    all.push(next.batch.map(told));
    rest = next.rest;
  }
  return all;
}

function told(change: Change): string {
  const { name, type } = change.action === 'delete' ? change.before : change.after;
  return `${change.action} ${name.replace('.example.com', '')} ${type}`;
}

describe('a batch', () => {
  test('of nothing is empty', () => {
    expect(nextBatch([], { maxElements: 1000 })).toEqual({ batch: [], rest: [] });
  });

  test('takes urgent removals first, then other removals, then additions', () => {
    const changes = [
      update('add', ['10.0.0.1'], ['10.0.0.1', '10.0.0.2']),
      remove('late'),
      update('gone', ['10.0.0.1', '10.0.0.2'], ['10.0.0.1'], true),
    ];
    expect(batches(changes)).toEqual([['update gone A', 'delete late A', 'update add A']]);
  });

  test('leaves a create for the next where it removes another name', () => {
    expect(batches([create('new'), remove('old', true)])).toEqual([['delete old A'], ['create new A']]);
    expect(batches([create('new'), update('old', ['10.0.0.1'], ['10.0.0.2'])])).toEqual([
      ['update old A'],
      ['create new A'],
    ]);
  });

  test('takes creates with updates that only add', () => {
    expect(batches([create('new'), update('web', ['10.0.0.1'], ['10.0.0.1', '10.0.0.2'])])).toEqual([
      ['update web A', 'create new A'],
    ]);
  });

  test('takes a create with the removal of its own name', () => {
    expect(batches([create('web', ['2001:db8::1'], 'AAAA'), remove('web')])).toEqual([
      ['create web AAAA', 'delete web A'],
    ]);
  });

  test('takes the old type of a name away only with or after the new one', () => {
    const turns = ['api', 'web'].flatMap((name) => [create(name, ['2001:db8::1'], 'AAAA'), remove(name)]);
    expect(batches(turns)).toEqual([
      ['create api AAAA', 'create web AAAA'],
      ['delete api A', 'delete web A'],
    ]);
    expect(batches([...turns.slice(0, 2), remove('old', true)])).toEqual([
      ['delete old A'],
      ['create api AAAA', 'delete api A'],
    ]);
  });

  test('takes what is proved to be gone away at once, whatever its name gets instead', () => {
    const turn = [create('web', ['2001:db8::1'], 'AAAA'), remove('web', true)];
    expect(batches([...turn, remove('old', true)])).toEqual([['delete old A', 'delete web A'], ['create web AAAA']]);
  });

  test('exchanges a CNAME in one, even among other removals', () => {
    const swap = [remove('web', false, 'CNAME', ['a.example.com']), create('web')];
    expect(batches([...swap, remove('old', true)])).toEqual([['delete old A', 'delete web CNAME', 'create web A']]);
  });

  test('hands a name and type over in one, even among other removals', () => {
    expect(batches([remove('web'), create('web', ['10.0.0.2']), remove('old', true)])).toEqual([
      ['delete old A', 'delete web A', 'create web A'],
    ]);
  });

  test('does not risk removals for a CNAME that replaces addresses', () => {
    const swap = [remove('web'), create('web', ['a.example.com'], 'CNAME')];
    expect(batches([...swap, remove('old', true)])).toEqual([['delete old A'], ['delete web A', 'create web CNAME']]);
  });

  test('holds all types of a name where they fit, and tears it apart by type where they do not', () => {
    const both = [remove('web', false, 'A', ['10.0.0.1', '10.0.0.2']), remove('web', false, 'AAAA', ['::1', '::2'])];
    expect(batches(both, 6)).toEqual([['delete web A', 'delete web AAAA']]);
    expect(batches(both, 5)).toEqual([['delete web A'], ['delete web AAAA']]);
  });

  test('holds 1,000 elements with the two of the serial', () => {
    const many = Array.from({ length: 999 }, (_each, index) => remove(`n${String(index).padStart(4, '0')}`));
    expect(batches(many).map((each) => each.length)).toEqual([998, 1]);
  });

  test('holds 32,000 characters', () => {
    const long = Array.from({ length: 20 }, (_each, index) =>
      create(`n${String(index).padStart(2, '0')}`, [`"${'x'.repeat(1998)}"`], 'TXT'),
    );
    expect(batches(long).map((each) => each.length)).toEqual([15, 5]);
  });

  test('holds 300,000 bytes of intent', () => {
    const contributors = Object.fromEntries(
      Array.from({ length: 400 }, (_each, index) => [`i-${index}`, ['10.0.0.1']]),
    );
    const heavy = Array.from({ length: 40 }, (_each, index): Change => ({ ...create(`n${index}`), contributors }));
    const sizes = heavy.map((change) => JSON.stringify(change).length);
    const [first = []] = batches(heavy);
    const size = sizes.slice(0, first.length).reduce((sum, each) => sum + each, 0);
    expect(first.length).toBeLessThan(40);
    expect(size).toBeGreaterThan(280_000);
    expect(size).toBeLessThanOrEqual(300_000);
  });

  test('takes one change at least, however low the limit', () => {
    const large = update(
      'web',
      Array.from({ length: 400 }, (_each, index) => `10.0.1.${index}`),
      Array.from({ length: 400 }, (_each, index) => `10.0.2.${index}`),
    );
    expect(batches([large, remove('old')], 1)).toEqual([['delete old A'], ['update web A']]);
  });
});

describe('on the wire', () => {
  const before = recordSet('o._rolecall.example.com', 'TXT', 60, ['"owner=o serial=1 batch=a"']);
  const after = recordSet('o._rolecall.example.com', 'TXT', 60, ['"owner=o serial=2 batch=b"']);

  test('every DELETE comes before every CREATE, with the serial’s first', () => {
    const changes = [create('new'), update('web', ['10.0.0.1'], ['10.0.0.2']), remove('old')];
    const sent = wireChanges(changes, before, after).map(
      (each) => `${each.action} ${each.set.name} ${each.set.values.join(' ')}`,
    );
    expect(sent).toEqual([
      'DELETE o._rolecall.example.com "owner=o serial=1 batch=a"',
      'DELETE web.example.com 10.0.0.1',
      'DELETE old.example.com 10.0.0.1',
      'CREATE o._rolecall.example.com "owner=o serial=2 batch=b"',
      'CREATE new.example.com 10.0.0.1',
      'CREATE web.example.com 10.0.0.2',
    ]);
  });

  test('the first batch of a zone deletes no serial, the last creates none', () => {
    expect(wireChanges([], undefined, after)).toEqual([{ action: 'CREATE', set: after }]);
    expect(wireChanges([], before)).toEqual([{ action: 'DELETE', set: before }]);
  });

  test('a set that was found missing is not deleted', () => {
    expect(wireChanges([remove('old', false, 'A', [])])).toEqual([]);
  });
});

describe('any changes', () => {
  const change = fc
    .record({
      name: fc.integer({ min: 1, max: 30 }).map((number) => `n${number}`),
      type: fc.constantFrom<RecordType>('A', 'AAAA'),
      action: fc.constantFrom('create', 'delete', 'add', 'swap'),
      count: fc.integer({ min: 1, max: 8 }),
      urgent: fc.boolean(),
    })
    .map(({ name, type, action, count, urgent }): Change => {
      const values = Array.from({ length: count }, (_each, index) => `v${index}`);
      const before = set(name, values, type);
      const after = set(name, action === 'add' ? [...values, 'w'] : values.map((each) => `w${each}`), type);
      if (action === 'create') return { ...cause, urgent: false, action, after: before };
      if (action === 'delete') return { ...cause, urgent, action, before };
      return { ...cause, urgent: urgent && action === 'swap', action: 'update', before, after };
    });
  const some = fc.uniqueArray(change, {
    selector: (each) => told(each).replace(/^\w+ /, ''),
    minLength: 1,
    maxLength: 40,
  });

  test('are all sent, once each, within the limits, no create with the removal of another name', () => {
    let several = 0;
    fc.assert(
      fc.property(some, fc.integer({ min: 20, max: 60 }), (changes, maxElements) => {
        const sent: Change[] = [];
        let rest: readonly Change[] = changes;
        while (rest.length > 0) {
          const next = nextBatch(rest, { maxElements });
          expect(next.batch.length).toBeGreaterThan(0);
          const wire = wireChanges(next.batch);
          expect(wire.reduce((sum, each) => sum + each.set.values.length, 2)).toBeLessThanOrEqual(maxElements);
          const creates = next.batch
            .filter(({ action }) => action === 'create')
            .map((each) => told(each).split(' ')[1]);
          const removals = next.batch
            .filter((each) => each.action === 'delete' || each.urgent)
            .map((each) => told(each).split(' ')[1]);
          for (const name of creates) expect(removals.every((removed) => removed === name)).toBe(true);
          sent.push(...next.batch);
          rest = next.rest;
          if (rest.length > 0) several += 1;
        }
        expect(sent.map(told).sort()).toEqual(changes.map(told).sort());
      }),
    );
    expect(several).toBeGreaterThan(0);
  });

  test('have the same first batch in any order', () => {
    let sent = 0;
    fc.assert(
      fc.property(some, (changes) => {
        const { batch } = nextBatch(changes, { maxElements: 40 });
        sent += batch.length;
        expect(
          nextBatch([...changes].reverse(), { maxElements: 40 })
            .batch.map(told)
            .sort(),
        ).toEqual(batch.map(told).sort());
      }),
    );
    expect(sent).toBeGreaterThan(0);
  });
});
