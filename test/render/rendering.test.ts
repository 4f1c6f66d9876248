import { describe, expect, it } from 'vitest';
import type { RoleView, RoleViewMember } from '../../lib/model/role-view.ts';
import { emptyNginxText, hostsLines, jsonText, nginxText } from '../../lib/render/rendering.ts';

function viewMember(number: number, changes: Partial<RoleViewMember> = {}): RoleViewMember {
  return {
    id: `i-${number}`,
    privateIpv4: `10.0.0.${number}`,
    publicIpv4: `203.0.113.${number}`,
    ipv6: [],
    weight: 10,
    names: { private: ['web.corp.internal', `web-${number}.corp.internal`], public: ['web.example.com'], ipv6: [] },
    ...changes,
  };
}

function view(...members: RoleViewMember[]): RoleView {
  return { schemaVersion: 1, role: 'web', members };
}

describe('hostsLines', () => {
  it('gives an address and its names, by side', () => {
    const views = [view(viewMember(1), viewMember(2))];
    expect(hostsLines(views, 'private')).toEqual([
      '10.0.0.1\tweb-1.corp.internal web.corp.internal',
      '10.0.0.2\tweb-2.corp.internal web.corp.internal',
    ]);
    expect(hostsLines(views, 'public')).toEqual(['203.0.113.1\tweb.example.com', '203.0.113.2\tweb.example.com']);
  });

  it('puts the names of an instance in several roles on one line, and IPv6 addresses on their own', () => {
    const names = { private: ['cache.corp.internal'], public: [], ipv6: ['cache6.corp.internal'] };
    const cache: RoleView = { ...view(viewMember(1, { names, ipv6: ['2001:db8::1'] })), role: 'cache' };
    expect(hostsLines([view(viewMember(1)), cache], 'private')).toEqual([
      '10.0.0.1\tcache.corp.internal web-1.corp.internal web.corp.internal',
      '2001:db8::1\tcache6.corp.internal',
    ]);
  });

  it('leaves out wildcards, which that file does not know', () => {
    const names = { private: ['*.apps.corp.internal', 'web.corp.internal'], public: ['*.example.com'], ipv6: [] };
    expect(hostsLines([view(viewMember(1, { names }))], 'private')).toEqual(['10.0.0.1\tweb.corp.internal']);
    expect(hostsLines([view(viewMember(1, { names }))], 'public')).toEqual([]);
  });

  it('leaves out a member without an address or without a name of that side', () => {
    const { publicIpv4: _none, ...hidden } = viewMember(1);
    const nameless = viewMember(2, { names: { private: [], public: [], ipv6: [] } });
    expect(hostsLines([view(hidden, nameless)], 'public')).toEqual([]);
  });
});

describe('nginxText', () => {
  it('gives an upstream with a server for each member', () => {
    expect(nginxText(view(viewMember(1), viewMember(2, { weight: 50 })), { side: 'private', port: 8080 })).toBe(
      'upstream web {\n    server 10.0.0.1:8080 weight=10; # i-1\n    server 10.0.0.2:8080 weight=50; # i-2\n}\n',
    );
  });

  it('takes a member of weight 0 as down, for nginx has no such weight', () => {
    const members = [viewMember(1, { weight: 0 }), viewMember(2)];
    expect(nginxText(view(...members), { side: 'public', port: 80, upstream: 'front' })).toBe(
      'upstream front {\n    server 203.0.113.1:80 down; # i-1\n    server 203.0.113.2:80 weight=10; # i-2\n}\n',
    );
  });

  it('leaves none down where all have the weight 0, as DNS answers with all of them', () => {
    const { privateIpv4: _none, ...hidden } = viewMember(3);
    const members = [viewMember(1, { weight: 0 }), viewMember(2, { weight: 0 }), hidden];
    expect(nginxText(view(...members), { side: 'private', port: 80 })).toBe(
      'upstream web {\n    server 10.0.0.1:80 weight=1; # i-1\n    server 10.0.0.2:80 weight=1; # i-2\n}\n',
    );
  });

  it('gives none for nobody, for nginx takes no empty upstream', () => {
    expect(nginxText(view(), { side: 'private', port: 80 })).toBeUndefined();
    expect(emptyNginxText('web')).toBe('upstream web {\n    server 127.0.0.1:9 down;\n}\n');
  });
});

describe('jsonText', () => {
  it('has the members of every role', () => {
    expect(JSON.parse(jsonText([view(viewMember(1))]))).toEqual({
      schemaVersion: 1,
      roles: [{ role: 'web', members: [viewMember(1)] }],
    });
  });
});
