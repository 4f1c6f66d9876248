import { isPublishableName } from '../model/name.ts';
import type { CheckedRole } from './checked-role.ts';
import type { Configuration, ElasticIpDefinition } from './configuration.ts';
import { hasStrayBrace, longestFullName, placeholdersIn } from './name-pattern.ts';
import { type Path, type Problem, problemAt } from './problem.ts';
import { repeated } from './repeated.ts';
import { roleObject } from './resolve.ts';

/** What is wrong with who may hold a role, and with which addresses. */
export function holderProblems({ role, definition, path }: CheckedRole): Problem[] {
  const { elasticIp, holders, succession, allow } = definition;
  const problems = elasticIp === undefined ? [] : elasticIpProblems(elasticIp, role.role, [...path, 'elasticIp']);
  if (holders !== undefined && elasticIp !== undefined) {
    problems.push(
      problemAt(
        [...path, 'holders'],
        holders,
        'is not possible with an elasticIp, which has a holder for each address; remove one of them',
      ),
    );
  }
  if (succession !== undefined && holders === undefined && elasticIp === undefined) {
    problems.push(
      problemAt(
        [...path, 'succession'],
        succession,
        'is for a role with a limited number of holders; give holders, or remove it',
      ),
    );
  }
  if (allow !== undefined && Object.keys(allow).length === 0) {
    problems.push(
      problemAt([...path, 'allow'], allow, 'must have at least one of instanceProfiles, vpcs, subnets; or remove it'),
    );
  }
  return problems;
}

function elasticIpProblems(elasticIp: ElasticIpDefinition, role: string, path: Path): Problem[] {
  const { pool, allocationIds, ptr } = elasticIp;
  if ((pool === undefined) === (allocationIds === undefined)) {
    return [problemAt(path, elasticIp, 'must have either pool or allocationIds')];
  }
  return [
    ...repeated([...(allocationIds ?? []).entries()], ([, id]) => id).map(({ item: [index, id] }) =>
      problemAt([...path, 'allocationIds', index], id, `${JSON.stringify(id)} is listed twice; give each once`),
    ),
    ...(ptr === undefined ? [] : reverseNameProblems(ptr, role, [...path, 'ptr'])),
  ];
}

/** Two addresses may lead back to one name (RFC 1912 §2.1 asks only that each name resolves), so {ordinal} is optional. */
function reverseNameProblems(ptr: string, role: string, path: Path): Problem[] {
  const unknown = placeholdersIn(ptr).filter((word) => word !== 'role' && word !== 'ordinal');
  if (hasStrayBrace(ptr) || unknown.length > 0) {
    const what = unknown.length > 0 ? `has the placeholder {${unknown[0]}}` : 'has a brace without its partner';
    return [problemAt(path, ptr, `${JSON.stringify(ptr)} ${what}; those of an address are {role}, {ordinal}`)];
  }
  const name = longestFullName(ptr, role);
  if (isPublishableName(name) && name.includes('.') && !name.includes('*')) return [];
  return [
    problemAt(
      path,
      ptr,
      `must give a full name such as 'mx1.example.com', and ${JSON.stringify(ptr)} can give ${JSON.stringify(name)}`,
    ),
  ];
}

/** An address follows one role: two that list it, or its pool, would both claim it. */
export function sharedAddresses(configuration: Configuration): Problem[] {
  const claims = Object.keys(configuration.roles)
    .sort()
    .flatMap((role) => {
      const { pool, allocationIds } = roleObject(role, configuration).elasticIp ?? {};
      const ids = (allocationIds ?? []).map((id, index) => ({
        role,
        path: ['roles', role, 'elasticIp', 'allocationIds', index],
        value: id,
        key: `id ${id}`,
      }));
      return pool === undefined
        ? ids
        : [...ids, { role, path: ['roles', role, 'elasticIp', 'pool'], value: pool, key: `pool ${pool}` }];
    });
  return repeated(claims, ({ key }) => key)
    .filter(({ item, first }) => item.role !== first.role)
    .map(({ item, first }) =>
      problemAt(
        item.path,
        item.value,
        `${JSON.stringify(item.value)} is used by roles.${first.role} too; an address belongs to one role`,
      ),
    );
}
