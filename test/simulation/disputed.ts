import { plain } from './rendering.ts';
import type { World } from './world.ts';

/** `zone name` of every name where a set stands that is not ours, or that nobody can say whose it is. */
export function disputedNames({ chronicle, zones }: World): ReadonlySet<string> {
  return new Set(
    Object.entries(zones).flatMap(([key, { id }]) =>
      [...chronicle.holdsOf(id)].flatMap(([label, hold]) =>
        hold === 'ours' || (isBeside(label) && chronicle.strangers.has(`${id} ${label}`))
          ? []
          : [`${key} ${plain(label.split(' ')[0] ?? '')}`],
      ),
    ),
  );
}

/** Sets with identifiers stand side by side, each its owner's. */
function isBeside(label: string): boolean {
  return (label.split(' ')[2] ?? '') !== '';
}
