import { Chance } from './chance.ts';

/** What only some of the seeds have, each with its likelihood. */
const LIKELIHOODS = {
  /** Auto Scaling groups with lifecycle hooks. */
  scaling: 0.25,
} as const;
export type Strand = keyof typeof LIKELIHOODS;

/** Drawn from a stream of their own: a seed that has none lives as it would if there were none. */
export function anyStrands(seed: number): ReadonlySet<Strand> {
  const found = new Set<Strand>();
  for (const [strand, likelihood] of Object.entries(LIKELIHOODS) as [Strand, number][]) {
    if (new Chance(seed, `strand ${strand}`).happens(likelihood)) found.add(strand);
  }
  return found;
}
