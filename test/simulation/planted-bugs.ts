import { IN_DECISIONS } from './planted-in-decisions.ts';
import { IN_EFFECTS } from './planted-in-effects.ts';
import type { Edit } from './planting.ts';

/** A mistake that somebody has made before, made again in a build for this test alone. */
export interface PlantedBug extends Edit {
  /** One of the seeds from 1 on that breaks an invariant with it and none without it: it is caught within so many. */
  readonly seed?: number;
}

/** Each must be caught by the invariants; one that lives is a hole in them. */
export const PLANTED_BUGS: readonly PlantedBug[] = [...IN_DECISIONS, ...IN_EFFECTS];
