import { describe, expect, it } from 'vitest';
import { roleView } from '../../lib/desired/role-view.ts';
import { member, pattern, pooled, role, slot } from './examples.ts';

const NAMES = [
  pattern({ zone: 'pub', addresses: ['public'] }),
  pattern({ zone: 'int', pattern: '{role}-{ordinal}', addresses: ['private'] }),
];

describe('roleView', () => {
  it('lists the members with their addresses, weight and names, by id', () => {
    const view = roleView(
      role(NAMES),
      [member(2, { tags: { 'rolecall:weight': '50' } }), member(1)],
      [slot(1, { holder: 'i-2', allocationId: '', publicIpv4: '' })],
    );
    expect(view).toEqual({
      schemaVersion: 1,
      role: 'web',
      members: [
        {
          id: 'i-1',
          availabilityZone: 'us-east-1a',
          privateIpv4: '10.0.0.1',
          publicIpv4: '203.0.113.1',
          ipv6: [],
          weight: 10,
          names: { private: [], public: ['web.example.com'], ipv6: [] },
        },
        {
          id: 'i-2',
          ordinal: 1,
          availabilityZone: 'us-east-1a',
          privateIpv4: '10.0.0.2',
          publicIpv4: '203.0.113.2',
          ipv6: [],
          weight: 50,
          names: { private: ['web-1.corp.internal'], public: ['web.example.com'], ipv6: [] },
        },
      ],
    });
  });

  it('shows the Elastic IP of a holder, and no public address of a standby', () => {
    const view = roleView(
      pooled(NAMES),
      [member(1), member(2)],
      [slot(1, { holder: 'i-1', publicIpv4: '198.51.100.1' })],
    );
    expect(view.members.map(({ publicIpv4 }) => publicIpv4)).toEqual(['198.51.100.1', undefined]);
  });

  it('leaves out who does not serve, drains, or stands by in an exclusive role', () => {
    const members = [
      member(1, { phase: 'pending' }),
      member(2, { drains: [{ by: 'request', atMs: 1 }] }),
      member(3),
      member(4),
    ];
    const exclusive = role(NAMES, { holders: 1 });
    const held = [slot(1, { holder: 'i-4', allocationId: '', publicIpv4: '' })];
    expect(roleView(role(NAMES), members, []).members.map(({ id }) => id)).toEqual(['i-3', 'i-4']);
    expect(roleView(exclusive, members, held).members.map(({ id }) => id)).toEqual(['i-4']);
  });

  it('leaves out the sick and the absent, unless there is nobody else', () => {
    const watched = role(NAMES, { health: { kind: 'status-checks' } });
    const sick = member(1, { impaired: true });
    const absent = member(2, { absentSweeps: 2 });
    expect(roleView(watched, [sick, member(3), absent], []).members.map(({ id }) => id)).toEqual(['i-3']);
    expect(roleView(watched, [sick], []).members.map(({ id }) => id)).toEqual(['i-1']);
    expect(roleView(watched, [absent], []).members.map(({ id }) => id)).toEqual(['i-2']);
  });
});
