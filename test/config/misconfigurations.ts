import { withRoles } from './configurations.ts';

export const DURATION = "must be a duration from '1s' to '7d', such as '45s', '5m' or '1h', not";

export interface Misconfiguration {
  readonly title: string;
  readonly input: unknown;
  readonly problem: string | readonly string[];
}

export const NOT_AVAILABLE_YET: readonly (readonly [path: string, input: unknown])[] = [
  ['strictNames', { ...withRoles({}), strictNames: true }],
  ['allowTerminate', { ...withRoles({}), allowTerminate: true }],
  ['endpoint', { ...withRoles({}), endpoint: true }],
  ['hosts', { ...withRoles({}), hosts: { 'dc1-web': { roles: ['web'] } } }],
  ['defaults.health', withRoles({}, { health: 'none' })],
  ['defaults.drainOn', withRoles({}, { drainOn: ['spot'] })],
  ['roles.web.health', withRoles({ web: { names: [{ zone: 'pub' }], health: 'none' } })],
  ['roles.web.drainOn', withRoles({ web: { names: [{ zone: 'pub' }], drainOn: [] } })],
  ['roles.web.elasticIp.ptr', withRoles({ web: { elasticIp: { pool: 'web', ptr: 'mx.example.com' } } })],
];

export const VALUES_NOT_AVAILABLE_YET: readonly Misconfiguration[] = [
  {
    title: 'reported drift',
    input: withRoles({}, { drift: 'report' }),
    problem: 'defaults.drift "report" is not available yet: reporting drift without repair; use "repair"',
  },
];
