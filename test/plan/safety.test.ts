import { describe, expect, test } from 'vitest';
import type { Change } from '../../lib/model/change.ts';
import type { LedgerSet } from '../../lib/model/ledger.ts';
import { recordSet } from '../../lib/model/record-set.ts';
import { assertSafe } from '../../lib/plan/safety.ts';
import { PUBLIC_ZONE } from '../desired/examples.ts';

describe('a safe plan', () => {
  const before = recordSet('web.example.com', 'A', 60, ['203.0.113.1']);
  const after = recordSet('web.example.com', 'A', 60, ['203.0.113.2']);
  const cause = { role: 'web', reason: 'address' as const, instances: [], contributors: {}, urgent: false };
  const create: Change = { ...cause, action: 'create', after };
  const update: Change = { ...cause, action: 'update', before, after };
  const remove: Change = { ...cause, action: 'delete', before };
  const ledger: LedgerSet[] = [{ role: 'web', set: before, contributors: {}, serial: 7 }];

  function check(changes: readonly Change[], scope: Partial<Parameters<typeof assertSafe>[1]> = {}): () => void {
    const serialName = 'o._rolecall.example.com';
    return () =>
      assertSafe(
        { changes, withheld: [], restated: [] },
        { zone: PUBLIC_ZONE, ledger, serialName, drift: [], ...scope },
      );
  }

  test('changes what the ledger has, as it has it', () => {
    expect(check([update])).not.toThrow();
    expect(check([remove])).not.toThrow();
    expect(check([create], { ledger: [] })).not.toThrow();
  });

  test('refuses an update or a delete of what the ledger does not have', () => {
    expect(check([update], { ledger: [] })).toThrow('which the ledger does not have like this');
    expect(check([remove], { ledger: [] })).toThrow('which the ledger does not have like this');
  });

  test('refuses a before-image that is not the ledger’s', () => {
    const other = recordSet('web.example.com', 'A', 61, ['203.0.113.1']);
    expect(check([{ ...update, before: other }])).toThrow('which the ledger does not have like this');
  });

  test('takes the before-image of what was found by hand, and no other', () => {
    const observed = recordSet('web.example.com', 'A', 999, ['192.0.2.1']);
    const drift = [{ key: 'web.example.com|A|', observed }];
    expect(check([{ ...update, before: observed }], { drift })).not.toThrow();
    expect(check([update], { drift })).toThrow('which the ledger does not have like this');
  });

  test('refuses to create what the ledger has, unless it was found missing or is handed over', () => {
    expect(check([create])).toThrow('which the ledger has already');
    expect(check([create], { drift: [{ key: 'web.example.com|A|' }] })).not.toThrow();
    expect(check([remove, { ...create, role: 'api' }])).not.toThrow();
  });

  test('refuses names outside the zone', () => {
    const outside = recordSet('web.example.org', 'A', 60, ['203.0.113.1']);
    expect(check([{ ...create, after: outside }])).toThrow('A web.example.org is not in the zone example.com');
    const lookalike = recordSet('badexample.com', 'A', 60, ['203.0.113.1']);
    expect(check([{ ...create, after: lookalike }])).toThrow('is not in the zone example.com');
  });

  test('refuses the serial', () => {
    const serial = recordSet('o._rolecall.example.com', 'TXT', 60, ['"x"']);
    expect(check([{ ...create, after: serial }])).toThrow('the plan touches the serial of example.com');
  });

  test('refuses types that are not ours', () => {
    const bad = { ...create, after: JSON.parse(JSON.stringify(after).replace('"A"', '"NS"')) };
    expect(check([bad], { ledger: [] })).toThrow('is of a type that Rolecall does not write');
  });

  test('refuses a set without values, and two changes of one set', () => {
    const empty = recordSet('x.example.com', 'A', 60, []);
    expect(check([{ ...create, after: empty }])).toThrow('leaves A x.example.com without a value');
    expect(check([update, update])).toThrow('the plan changes A web.example.com twice');
  });

  test('refuses to turn one set into another', () => {
    const elsewhere = recordSet('api.example.com', 'A', 60, ['203.0.113.2']);
    expect(check([{ ...update, after: elsewhere }])).toThrow('into another set');
  });
});
