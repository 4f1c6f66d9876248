import { describe, expect, it } from 'vitest';
import { foldAbsence, isLive, membersOf, unknownInstance } from '../../lib/model/fact.ts';
import { foldAway, foldHost, foldTold, lastToldMs } from '../../lib/model/host.ts';

const HOST = { id: 'dc1-web', roles: ['api', 'web'], expireAfterSeconds: 1_800 };
const NEW = unknownInstance('dc1-web', '123456789012', 'us-east-1');
const T0 = 1_000_000;
const MINUTE = 60_000;

describe('a host that tells its address', () => {
  const told = foldTold(NEW, HOST, { ipv4: '203.0.113.9' }, T0);

  it('is a member outside EC2 of each of its roles, by its public address', () => {
    expect(membersOf(told)).toEqual(
      ['api', 'web'].map((role) => ({
        role,
        instanceId: 'dc1-web',
        phase: 'serving',
        sinceMs: T0,
        absentSweeps: 0,
        region: 'us-east-1',
        publicIpv4: '203.0.113.9',
        offCloud: true,
        ipv6: [],
        tags: { 'rolecall:role': 'api web' },
      })),
    );
  });

  it('is the same member when it tells the same again, and was heard later', () => {
    const again = foldTold(told, HOST, { ipv4: '203.0.113.9' }, T0 + MINUTE);
    expect(membersOf(again)).toEqual(membersOf(told));
    expect(lastToldMs(again.host ?? {})).toBe(T0 + MINUTE);
  });

  it('keeps the address of the other family', () => {
    const both = foldTold(told, HOST, { ipv6: '2606:4700::1' }, T0 + MINUTE);
    expect(membersOf(both)[0]).toMatchObject({ publicIpv4: '203.0.113.9', ipv6: ['2606:4700::1'], sinceMs: T0 });
  });

  it('is never absent for not being in EC2', () => {
    expect(foldAbsence(told, T0 + 10 * MINUTE, T0 + 10 * MINUTE)).toBe(told);
  });
});

describe('a silent host', () => {
  const told = foldTold(NEW, HOST, { ipv4: '203.0.113.9' }, T0);

  it('stays up to the end of expireAfter, and not beyond', () => {
    expect(foldHost(told, HOST, T0 + 30 * MINUTE - 1)).toBe(told);
    const expired = foldHost(told, HOST, T0 + 30 * MINUTE);
    expect(expired.host?.away).toBe('expired');
    expect(isLive(expired)).toBe(false);
    expect(membersOf(expired)).toEqual([]);
  });

  it('stays for ever without expireAfter', () => {
    expect(foldHost(told, { id: 'dc1-web', roles: ['api', 'web'] }, T0 + 1e12)).toBe(told);
  });

  it('loses only the address that it no longer tells', () => {
    const both = foldTold(told, HOST, { ipv6: '2606:4700::1' }, T0 + 20 * MINUTE);
    const [member] = membersOf(foldHost(both, HOST, T0 + 30 * MINUTE));
    expect(member?.publicIpv4).toBeUndefined();
    expect(member?.ipv6).toEqual(['2606:4700::1']);
  });

  it('comes back with what it tells then, as the youngest', () => {
    const expired = foldHost(foldTold(told, HOST, { ipv6: '2606:4700::1' }, T0), HOST, T0 + 30 * MINUTE);
    const back = foldTold(expired, HOST, { ipv4: '203.0.113.10' }, T0 + 60 * MINUTE);
    expect(membersOf(back)[0]).toMatchObject({ publicIpv4: '203.0.113.10', ipv6: [], sinceMs: T0 + 60 * MINUTE });
  });
});

describe('the configuration of a host', () => {
  const told = foldTold(NEW, HOST, { ipv4: '203.0.113.9' }, T0);

  it('moves it into other roles without a word from it', () => {
    const moved = foldHost(told, { id: 'dc1-web', roles: ['mail'] }, T0 + MINUTE);
    expect(membersOf(moved).map(({ role, sinceMs }) => [role, sinceMs])).toEqual([['mail', T0]]);
  });

  it('takes it out for good when it leaves the configuration', () => {
    const removed = foldHost(told, undefined, T0 + MINUTE);
    expect(removed.host?.away).toBe('removed');
    expect(foldHost(removed, HOST, T0 + 2 * MINUTE)).toBe(removed);
  });

  it('changes nothing for an instance', () => {
    const instance = unknownInstance('i-1', '123456789012', 'us-east-1');
    expect(foldHost(instance, undefined, T0)).toBe(instance);
    expect(foldAway(instance, 'offline')).toBe(instance);
  });
});
