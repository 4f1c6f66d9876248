import type { NamePattern } from '../model/role.ts';
import { type CheckedRole, settingOf } from './checked-role.ts';
import type { Configuration, HealthDefinition } from './configuration.ts';
import { type Path, type Problem, problemAt } from './problem.ts';
import { repeated } from './repeated.ts';

/** What is wrong with health and drainOn where they are written: in the defaults and in roles. */
export function settingProblems(configuration: Configuration): Problem[] {
  const roles = Object.entries(configuration.roles).flatMap(([role, definition]) =>
    typeof definition === 'string' ? [] : [{ path: ['roles', role], settings: definition }],
  );
  return [{ path: ['defaults'], settings: configuration.defaults ?? {} }, ...roles].flatMap(({ path, settings }) => [
    ...endpointCheckProblems(settings.health, [...path, 'health', 'route53']),
    ...repeated([...(settings.drainOn ?? []).entries()], ([, trigger]) => trigger).map(({ item: [index, trigger] }) =>
      problemAt([...path, 'drainOn', index], trigger, `${JSON.stringify(trigger)} is listed twice; give each once`),
    ),
  ]);
}

/** "Values that you specify when you create or update health checks" (Amazon Route 53 Developer Guide). */
function endpointCheckProblems(health: HealthDefinition | undefined, path: Path): Problem[] {
  const check = typeof health === 'object' ? health.route53 : undefined;
  if (check?.type !== 'TCP') return [];
  return [
    ...(check.port === undefined
      ? [problemAt([...path, 'port'], undefined, 'is required with TCP: a port from 1 to 65535')]
      : []),
    ...(check.path === undefined
      ? []
      : [
          problemAt(
            [...path, 'path'],
            check.path,
            'is not possible with TCP, which asks for no path; use HTTP or HTTPS, or remove it',
          ),
        ]),
  ];
}

/**
 * Whether Route 53 can check the health of a role. Its checkers reach public addresses only, and a simple set holds
 * the addresses of all members, so that a check of one could be attached to none: "How Amazon Route 53 chooses records
 * when health checking is configured" (Amazon Route 53 Developer Guide).
 */
export function healthProblems(checked: CheckedRole): Problem[] {
  const { role } = checked;
  if (role.health.kind !== 'route53') return [];
  const { path, from } = settingOf(checked, 'health');
  const refused = (why: string, next: string) => [
    problemAt(path, checked.definition.health, `{ route53 }${from} ${why}; ${nextStep(checked, next)}`),
  ];
  const known = role.names.filter(({ zone }) => checked.configuration.zones[zone] !== undefined);
  if (known.length < role.names.length) return [];
  if (!known.some(isPublic)) {
    return refused('needs a name with public addresses, which alone the checkers of Route 53 reach', 'add one');
  }
  const simple = role.names.findIndex((name) => isPublic(name) && name.routing.kind === 'simple');
  if (simple < 0) return [];
  const what = checked.path[0] === 'openRoles' ? 'the name of an open role' : `names[${simple}]`;
  return refused(
    `is not possible for ${what}, whose routing "simple" puts all members into one record set`,
    'use "multivalue" or { weighted } there',
  );
}

function nextStep({ path }: CheckedRole, next: string): string {
  return path[0] === 'openRoles'
    ? 'use another default for health, and give it to the roles that can have it'
    : `${next}, or give the role the health "status-checks", "none" or { alarms }`;
}

function isPublic({ addresses }: NamePattern): boolean {
  return addresses.includes('public');
}
