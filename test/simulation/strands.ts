import { Chance } from './chance.ts';

/** What only some of the seeds have, each with its likelihood. */
const LIKELIHOODS = {
  /** Auto Scaling groups with lifecycle hooks. */
  scaling: 0.25,
  /** EC2 finds no instance for a while, though they run. */
  notFound: 0.15,
  /** Somebody deletes a zone. */
  deletion: 0.08,
  /** `drift: 'report'`. */
  reporting: 0.1,
  /** Some are sick when the zones are compared. */
  sickness: 0.15,
  /** Events that were dropped come when EC2 has forgotten what they tell of. */
  hours: 0.02,
  /** Lists leave out instances that run, all of a role or more, long after anybody has touched them. */
  absence: 0.12,
  /** Route 53 takes its time to answer, and instances end while it does. */
  remoteness: 0.2,
  /** Other tools use up what Route 53 lets the account do. */
  crowding: 0.12,
  /** Instances stop and start, of which the starts are often not told, and the stops late. */
  restlessness: 0.15,
  /** Hands reach for Elastic IPs, also just when Rolecall does. */
  hands: 0.12,
  /** A zone holds no more record sets for a while. */
  repletion: 0.08,
  /** Another version is at work on the registry and the queues. */
  versions: 0.08,
  /** Another Rolecall publishes in the same zones, and wants some of the same names. */
  neighbour: 0.05,
  /** Lambdas, passes above all, freeze for minutes between any two calls, while others go on with the same work. */
  stalling: 0.12,
  /** Hundreds of another's records share a zone: its lists come in several pages. */
  clutter: 0.06,
  /** Once all is calm, rare situations are brought about, one after another. */
  ordeals: 0.05,
} as const;
export type Strand = keyof typeof LIKELIHOODS;

/** Drawn from a stream of their own: a seed that has none lives as it would if there were none. */
export function anyStrands(seed: number): ReadonlySet<Strand> {
  const found = new Set<Strand>();
  for (const [strand, likelihood] of Object.entries(LIKELIHOODS) as [Strand, number][]) {
    if (new Chance(seed, `strand ${strand}`).happens(likelihood)) found.add(strand);
  }
  // A set that hands delete may be anybody's after that.
  if (found.has('deletion')) found.delete('neighbour');
  // They need all zones, what is in them for certain, and nobody else who wants their names.
  if (found.has('deletion') || found.has('reporting') || found.has('neighbour')) found.delete('ordeals');
  return found;
}
