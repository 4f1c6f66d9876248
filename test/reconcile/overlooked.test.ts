import { describe, expect, it, vi } from 'vitest';
import { resolveConfiguration } from '../../lib/config/resolve.ts';
import { parseConfiguration } from '../../lib/config/schema.ts';
import { type Fact, foldDescription, foldEvent, unknownInstance, withHealth } from '../../lib/model/fact.ts';
import type { LedgerSet, Note } from '../../lib/model/ledger.ts';
import { recordSet } from '../../lib/model/record-set.ts';
import type { Zone } from '../../lib/model/zone.ts';
import { overlooked, rosterOf } from '../../lib/reconcile/overlooked.ts';

const ZONE: Zone = { key: 'int', id: 'Z0INT', name: 'corp.internal', private: true };

function marked(
  facts: readonly Fact[],
  sets: readonly LedgerSet[],
  notes: readonly Note[] = [],
  whenEmpty = 'remove',
  changes: object = {},
) {
  const zones = { int: { name: 'corp.internal', id: 'Z0INT', private: true } };
  const written = { zones, roles: { web: { names: [{ zone: 'int' }], whenEmpty }, cache: 'int' }, ...changes };
  const installation = resolveConfiguration(parseConfiguration(written), {});
  return overlooked(ZONE, installation, { sets, notes, checks: [] }, rosterOf(facts), 5_000).map(
    ({ subject, roles, reason }) =>
      subject.kind === 'instance'
        ? `${subject.instanceId} ${roles.join()} ${reason}`
        : `${subject.kind} ${roles.join()}`,
  );
}

function running(instanceId: string, role = 'web'): Fact {
  const read = { instanceId, state: 'running' as const, launchTimeMs: 1_000, privateIpv4: '10.0.0.1', ipv6: [] };
  return foldDescription(unknownInstance(instanceId, '1', 'r'), { ...read, tags: { 'rolecall:role': role } }, 2_000);
}

function owned(...instanceIds: string[]): LedgerSet {
  return {
    role: 'web',
    set: recordSet('web.corp.internal', 'A', 60, ['10.0.0.1']),
    contributors: Object.fromEntries(instanceIds.map((id) => [id, ['10.0.0.1']])),
    serial: 1,
  };
}

describe('what no mark told', () => {
  it('is nothing where every record is of a member and every member has one', () => {
    expect(marked([running('i-1')], [owned('i-1')])).toEqual([]);
  });

  it('is a record of an instance that is gone, stopped, without the tag, or unknown', () => {
    expect(marked([foldEvent(running('i-1'), 'terminated', 3_000)], [owned('i-1')])).toEqual(['i-1 web terminated']);
    expect(marked([foldEvent(running('i-1'), 'stopped', 3_000)], [owned('i-1')])).toEqual(['i-1 web stopped']);
    expect(marked([running('i-1', 'other')], [owned('i-1')])).toEqual(['i-1 web untagged']);
    expect(marked([], [owned('i-1')])).toEqual(['i-1 web absent']);
  });

  it('is a member without a record, unless something was said of its role', () => {
    expect(marked([running('i-1'), running('i-2')], [owned('i-1')])).toEqual(['i-2 web launched']);
    const note: Note = { kind: 'conflict', role: 'web', name: 'web', type: 'A', reason: 'foreign-record', sinceMs: 1 };
    expect(marked([running('i-1')], [], [note])).toEqual([]);
  });

  it('is a member without a record though something was said of another member of its role', () => {
    const said = {
      kind: 'withheld',
      role: 'web',
      name: 'web',
      type: 'AAAA',
      reason: 'no-address',
      sinceMs: 1,
    } as const;
    const members = [running('i-1'), running('i-2')];
    expect(marked(members, [owned('i-1')], [{ ...said, instance: 'i-1' }])).toEqual(['i-2 web launched']);
    expect(marked(members, [owned('i-1')], [{ ...said, instance: 'i-2' }])).toEqual([]);
  });

  it('is a member without a record that is sick, as all others are, but not where one that is well remains', () => {
    const checks = { launchTimeMs: 1_000, impaired: true, contrary: 0, countedAtMs: 2_000 };
    const sick = (instanceId: string): Fact => withHealth(running(instanceId), { checks });
    expect(marked([sick('i-1')], [])).toEqual(['i-1 web launched']);
    expect(marked([sick('i-1'), sick('i-2')], [owned('i-1')])).toEqual(['i-2 web launched']);
    expect(marked([running('i-1'), sick('i-2')], [owned('i-1')])).toEqual([]);
  });

  it('is a member without a record of a role that is open, or that has ordinals besides', () => {
    expect(marked([running('i-1', 'any')], [], [], 'remove', { roles: {}, openRoles: 'int' })).toEqual([
      'i-1 any launched',
    ]);
    const ordinals = { roles: { web: { names: [{ zone: 'int' }, { zone: 'int', name: '{role}-{ordinal}' }] } } };
    expect(marked([running('i-1')], [], [], 'remove', ordinals)).toEqual(['i-1 web launched']);
    const ordinalsAlone = { roles: { web: { names: [{ zone: 'int', name: '{role}-{ordinal}' }] } } };
    expect(marked([running('i-1')], [], [], 'remove', ordinalsAlone)).toEqual([]);
  });

  it('is not a member that has nothing to give to any name of the zone', () => {
    const addressless = { roles: { web: { names: [{ zone: 'int', address: 'ipv6' }] } } };
    expect(marked([running('i-1')], [], [], 'remove', addressless)).toEqual([]);
  });

  it('is not the last answer of a name that is kept though empty', () => {
    const gone = foldEvent(running('i-1'), 'terminated', 3_000);
    expect(marked([gone], [owned('i-1')], [], 'keep')).toEqual([]);
    expect(marked([gone, running('i-2')], [owned('i-1', 'i-2')], [], 'keep')).toEqual(['i-1 web terminated']);
  });

  it('is not the last answer of an open role whose names are kept though empty', () => {
    const gone = foldEvent(running('i-1'), 'terminated', 3_000);
    const open = { roles: {}, openRoles: 'int', defaults: { whenEmpty: 'keep' } };
    expect(marked([gone], [owned('i-1')], [], 'keep', open)).toEqual([]);
    expect(marked([gone], [owned('i-1')], [], 'keep', { ...open, defaults: {} })).toEqual(['i-1 web terminated']);
  });

  it('is a name that a role was refused and that nobody has any more', () => {
    const taken: Note = {
      kind: 'withheld',
      role: 'cache',
      name: 'web.corp.internal',
      type: 'A',
      reason: 'name-taken',
      sinceMs: 1,
    };
    expect(marked([], [], [taken])).toEqual(['role cache']);
    expect(marked([running('i-1')], [owned('i-1')], [taken])).toEqual([]);
    expect(marked([], [], [{ ...taken, type: 'claim' }])).toEqual([]);
  });

  it('is a pointer that a role was refused of which it is the first by name, and who has it', () => {
    const name = '1.0.0.10.in-addr.arpa';
    const pointer = { ...owned('i-1'), set: recordSet(name, 'PTR', 60, ['web.corp.internal']) };
    const taken = (role: string): Note => ({
      kind: 'withheld',
      role,
      name,
      type: 'PTR',
      reason: 'name-taken',
      sinceMs: 1,
    });
    expect(marked([running('i-1')], [pointer], [taken('cache')])).toEqual(['role cache', 'role web']);
    expect(marked([running('i-1')], [pointer], [taken('xylo')])).toEqual([]);
  });

  it('is a record of an instance that the role does not admit', () => {
    const admitting = (profile: string) => ({
      roles: { web: { names: [{ zone: 'int' }], allow: { instanceProfiles: [profile] } } },
    });
    const [fact] = [running('i-1')];
    const description = fact?.description;
    if (fact === undefined || description === undefined) throw new Error('the example has no description');
    const web = { ...fact, description: { ...description, instanceProfile: 'web' } };
    expect(marked([web], [owned('i-1')], [], 'remove', admitting('web'))).toEqual([]);
    expect(marked([web], [owned('i-1')], [], 'remove', admitting('other'))).toEqual(['i-1 web configured']);
  });

  it('copies no more than each record once, however many there are', () => {
    const ids = Array.from({ length: 300 }, (_, number) => `i-${number.toString(16).padStart(8, '0')}`);
    const facts = ids.map((id) => running(id));
    const sets = ids.slice(1).map((id) => owned(id));
    let walked = 0;
    const spy = vi.spyOn(Set.prototype, Symbol.iterator).mockImplementation(function (this: Set<unknown>) {
      walked += this.size;
      return this.values();
    });
    const found = marked(facts, sets);
    spy.mockRestore();
    expect(found).toEqual(['i-00000000 web launched']);
    expect(walked).toBeGreaterThan(0);
    expect(walked).toBeLessThan(1_000);
  });
});
