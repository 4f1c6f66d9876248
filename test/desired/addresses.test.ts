import { describe, expect, test } from 'vitest';
import { desiredAssociations } from '../../lib/desired/addresses.ts';
import type { ElasticAddress } from '../../lib/model/address.ts';
import type { Member } from '../../lib/model/member.ts';
import { address, member, pooled, slot } from './examples.ts';

const ROLE = pooled([], { health: { kind: 'status-checks' } });
const held = slot(1, { holder: 'i-2', lastHolder: 'i-1' });
const members = [member(2), member(3)];

function stepOf(addresses: readonly ElasticAddress[]) {
  const steps = desiredAssociations({ role: ROLE, slots: [held], addresses, members, idle: new Set() });
  expect(steps).toHaveLength(1);
  return steps[0];
}

const on = (instanceId: string) => address(1, { instanceId, associationId: `eipassoc-${instanceId}` });

describe('an association', () => {
  test('needs nothing where the holder has the address, and that was said', () => {
    const said = { ...held, associated: 'i-2' };
    const steps = desiredAssociations({ role: ROLE, slots: [said], addresses: [on('i-2')], members, idle: new Set() });
    expect(steps).toEqual([{ kind: 'none', slot: said, holder: 'i-2' }]);
  });

  test('that the holder has is still to be said where the slot does not know it', () => {
    expect(stepOf([on('i-2')])).toEqual({ kind: 'arrived', slot: held, holder: 'i-2' });
  });

  test('is taken over from the instance that a move was asked to take it from, and from no other', () => {
    const planned = { ...held, planned: { from: 'i-3' } };
    const step = (addresses: readonly ElasticAddress[]) =>
      desiredAssociations({ role: ROLE, slots: [planned], addresses, members, idle: new Set() })[0];
    expect(step([on('i-3')])).toEqual({ kind: 'take-over', slot: planned, holder: 'i-2', from: 'i-3' });
    expect(step([on('i-99')])).toMatchObject({ kind: 'leave', instance: 'i-99' });
  });

  test('of a former holder that drains is broken, though it still runs', () => {
    const draining = member(1, { drains: [{ by: 'request', atMs: 1 }] });
    const steps = desiredAssociations({
      role: ROLE,
      idle: new Set(),
      slots: [held],
      addresses: [on('i-1')],
      members: [...members, draining],
    });
    expect(steps).toMatchObject([{ kind: 'disassociate-then-associate', from: 'i-1' }]);
  });

  const givenTo = (by: 'tag' | 'rebalance') =>
    desiredAssociations({
      role: ROLE,
      idle: new Set(),
      slots: [held],
      addresses: [on('i-3')],
      members: [member(2), member(3, { drains: [{ by, atMs: 1 }] })],
    });

  test('made by hand to a member that drains is broken', () => {
    expect(givenTo('tag')).toMatchObject([{ kind: 'disassociate-then-associate', holder: 'i-2', from: 'i-3' }]);
  });

  test('made by hand to a member that is asked to leave by what its role does not heed is left', () => {
    expect(givenTo('rebalance')).toMatchObject([{ kind: 'leave', instance: 'i-3' }]);
  });

  test('is made where nobody has the address', () => {
    expect(stepOf([address(1)])).toEqual({ kind: 'associate', slot: held, holder: 'i-2' });
  });

  test('of a former holder that serves no more is broken by the id that was read', () => {
    expect(stepOf([on('i-1')])).toEqual({
      kind: 'disassociate-then-associate',
      slot: held,
      holder: 'i-2',
      associationId: 'eipassoc-i-1',
      from: 'i-1',
      isDown: false,
    });
  });

  test('of a former holder that serves again is left', () => {
    const steps = desiredAssociations({
      role: ROLE,
      idle: new Set(),
      slots: [held],
      addresses: [on('i-1')],
      members: [...members, member(1)],
    });
    expect(steps).toMatchObject([{ kind: 'leave', instance: 'i-1' }]);
  });

  test('of a former holder that serves but is sick is broken', () => {
    const steps = desiredAssociations({
      role: ROLE,
      idle: new Set(),
      slots: [held],
      addresses: [on('i-1')],
      members: [...members, member(1, { impaired: true })],
    });
    expect(steps).toMatchObject([{ kind: 'disassociate-then-associate', from: 'i-1' }]);
  });

  describe('of a former holder, of whom the slot has been given on since then before the address was', () => {
    const givenOn = { ...held, lastHolder: 'i-3', associated: 'i-1' };
    const stepWith = (former: readonly Member[]) =>
      desiredAssociations({
        role: ROLE,
        idle: new Set(),
        slots: [givenOn],
        addresses: [on('i-1')],
        members: [...members, ...former],
      });

    test('is broken where that serves but is sick', () => {
      expect(stepWith([member(1, { impaired: true })])).toMatchObject([
        { kind: 'disassociate-then-associate', from: 'i-1' },
      ]);
    });

    test('is broken where that is no member any more', () => {
      expect(stepWith([])).toMatchObject([{ kind: 'disassociate-then-associate', from: 'i-1' }]);
    });

    test('is left where that serves', () => {
      expect(stepWith([member(1)])).toMatchObject([{ kind: 'leave', instance: 'i-1' }]);
    });
  });

  test('made by hand to a sick member that did not hold the slot is left', () => {
    const steps = desiredAssociations({
      role: ROLE,
      idle: new Set(),
      slots: [held],
      addresses: [on('i-3')],
      members: [member(2), member(3, { impaired: true })],
    });
    expect(steps).toMatchObject([{ kind: 'leave', instance: 'i-3' }]);
  });

  test('of a former holder that two sweeps did not list is broken', () => {
    const absent = member(1, { absentSweeps: 2 });
    const steps = desiredAssociations({
      role: ROLE,
      idle: new Set(),
      slots: [held],
      addresses: [on('i-1')],
      members: [...members, absent],
    });
    expect(steps).toMatchObject([{ kind: 'disassociate-then-associate', from: 'i-1' }]);
  });

  test('made by hand to a member that serves is left', () => {
    expect(stepOf([on('i-3')])).toEqual({
      kind: 'leave',
      slot: held,
      holder: 'i-2',
      instance: 'i-3',
      detail: '198.51.100.1 was moved by hand to i-3, which serves',
    });
  });

  test('made by hand to an instance that is no member is left', () => {
    expect(stepOf([on('i-99')])).toMatchObject({ kind: 'leave', instance: 'i-99' });
  });

  describe('made after it was said that the holder has it', () => {
    const said = { ...held, associated: 'i-2' };
    const stepTo = (instanceId: string, others: readonly Member[], idle: readonly string[] = []) =>
      desiredAssociations({
        role: ROLE,
        slots: [said],
        addresses: [on(instanceId)],
        members: [...members, ...others],
        idle: new Set(idle),
      })[0];

    test('is the work of hands, and left with a former holder that is a member no more', () => {
      expect(stepTo('i-1', [])).toMatchObject({ kind: 'leave', instance: 'i-1' });
    });

    test('is left with a former holder that is sick', () => {
      expect(stepTo('i-1', [member(1, { impaired: true })])).toMatchObject({ kind: 'leave', instance: 'i-1' });
    });

    test('is broken where the former holder drains, or is known to be stopped', () => {
      const draining = member(1, { drains: [{ by: 'request', atMs: 1 }] });
      expect(stepTo('i-1', [draining])).toMatchObject({ kind: 'disassociate-then-associate', from: 'i-1' });
      expect(stepTo('i-1', [], ['i-1'])).toMatchObject({ kind: 'disassociate-then-associate', from: 'i-1' });
    });
  });

  test('of a service of AWS, or of an interface without an instance, is left', () => {
    expect(stepOf([address(1, { serviceManaged: true, associationId: 'eipassoc-1' })])).toMatchObject({
      kind: 'leave',
      detail: '198.51.100.1 is managed by a service of AWS',
    });
    expect(stepOf([address(1, { associationId: 'eipassoc-1', networkInterfaceId: 'eni-1' })])).toMatchObject({
      kind: 'leave',
      detail: '198.51.100.1 is associated with eni-1',
    });
  });

  test('with an address that the account no longer has is left', () => {
    expect(stepOf([])).toMatchObject({ kind: 'leave', detail: "eipalloc-1 is not among the account's addresses" });
  });

  test('is refused where the holder has another Elastic IP', () => {
    const other = address(8, { instanceId: 'i-2', associationId: 'eipassoc-8' });
    expect(stepOf([address(1), other])).toEqual({
      kind: 'refuse',
      slot: held,
      holder: 'i-2',
      instance: 'i-2',
      detail: 'i-2 already has the Elastic IP 198.51.100.8; disassociate that first',
    });
  });

  test('is not thought of for a vacant slot, nor for a holder that does not serve', () => {
    expect(
      desiredAssociations({ role: ROLE, slots: [slot(1)], addresses: [address(1)], members, idle: new Set() }),
    ).toEqual([]);
    expect(
      desiredAssociations({
        role: ROLE,
        slots: [slot(1, { holder: 'i-9' })],
        addresses: [address(1)],
        members,
        idle: new Set(),
      }),
    ).toMatchObject([{ kind: 'none' }]);
  });

  test('of an instance that is known to be stopped is taken, whoever gave it', () => {
    const [step] = desiredAssociations({
      role: ROLE,
      slots: [slot(1, { holder: 'i-3', lastHolder: 'i-2' })],
      addresses: [address(1, { instanceId: 'i-1', associationId: 'eipassoc-1' })],
      members: [member(3)],
      idle: new Set(['i-1']),
    });
    expect(step).toMatchObject({ kind: 'disassociate-then-associate', associationId: 'eipassoc-1', from: 'i-1' });
  });

  test('that ends an outage comes first', () => {
    const steps = desiredAssociations({
      role: ROLE,
      idle: new Set(),
      slots: [
        slot(1, { holder: 'i-1', associated: 'i-1' }),
        slot(2, { holder: 'i-2', lastHolder: 'i-9' }),
        slot(3, { holder: 'i-3' }),
        slot(4, { holder: 'i-4' }),
      ],
      addresses: [
        address(1, { instanceId: 'i-1', associationId: 'eipassoc-1' }),
        address(2, { instanceId: 'i-9', associationId: 'eipassoc-2' }),
        address(3),
        address(4, { instanceId: 'i-99', associationId: 'eipassoc-4' }),
      ],
      members: [member(1), member(2), member(3), member(4)],
    });
    expect(steps.map(({ kind, slot: { ordinal } }) => `${ordinal} ${kind}`)).toEqual([
      '3 associate',
      '2 disassociate-then-associate',
      '4 leave',
      '1 none',
    ]);
  });
});
