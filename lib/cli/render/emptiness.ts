import type { RoleView } from '../../model/role-view.ts';

/** The roles that a file would have nothing of, and why. */
export interface Emptiness {
  readonly empty: readonly string[];
  /** The beginning of a sentence; empty where no role is. */
  readonly emptiness: string;
}

/** @param needed What a member must have to be in the file: it may serve, and have no address of that side. */
export function emptinessOf(
  views: readonly RoleView[],
  isEmpty: (view: RoleView) => boolean,
  needed: string,
): Emptiness {
  const empty = views.filter(isEmpty);
  const unserved = rolesOf(empty.filter(({ members }) => members.length === 0));
  const unfit = rolesOf(empty.filter(({ members }) => members.length > 0));
  const parts = [
    ...(unserved.length === 0 ? [] : [`Nobody serves ${unserved.join(', ')}`]),
    ...(unfit.length === 0 ? [] : [`Nobody who serves ${unfit.join(', ')} has ${needed}`]),
  ];
  return { empty: rolesOf(empty), emptiness: parts.join('; ') };
}

function rolesOf(views: readonly RoleView[]): string[] {
  return views.map(({ role }) => role);
}
