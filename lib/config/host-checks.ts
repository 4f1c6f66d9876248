import { ANSWER_CONTRIBUTOR, ROLE_CONTRIBUTOR } from '../model/member.ts';
import type { Configuration } from './configuration.ts';
import { type Problem, problemAt } from './problem.ts';
import { repeated } from './repeated.ts';
import { suggestion } from './suggestion.ts';

/** The ledger names the source of a value by these where it is no member. */
const RESERVED_IDS: readonly string[] = [ROLE_CONTRIBUTOR, ANSWER_CONTRIBUTOR];

/**
 * What is wrong with the members outside EC2.
 *
 * @param roleKeys All roles that were written, also those left out of `configuration` because they have another problem.
 */
export function hostProblems({ hosts = {}, openRoles }: Configuration, roleKeys: readonly string[]): Problem[] {
  return Object.entries(hosts).flatMap(([id, { roles }]) => {
    const path = ['hosts', id];
    return [
      ...(id.startsWith('i-')
        ? [problemAt(path, id, 'begins with "i-", as the ids of EC2 instances do; choose another id')]
        : []),
      ...(RESERVED_IDS.includes(id)
        ? [problemAt(path, id, `${JSON.stringify(id)} is a word that the registry uses itself; choose another id`)]
        : []),
      ...roles.flatMap((role, index) => {
        if (openRoles !== undefined || roleKeys.includes(role)) return [];
        const known = roleKeys.length === 0 ? '; there are none' : `; the roles are ${roleKeys.join(', ')}`;
        const hint = suggestion(role, roleKeys) || known;
        return [problemAt([...path, 'roles', index], role, `${JSON.stringify(role)} is no role of roles${hint}`)];
      }),
      ...repeated([...roles.entries()], ([, role]) => role).map(({ item: [index, role] }) =>
        problemAt([...path, 'roles', index], role, `${JSON.stringify(role)} is listed twice; give each once`),
      ),
    ];
  });
}
