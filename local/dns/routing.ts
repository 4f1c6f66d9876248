import type { ResourceRecordSet } from '../route53/resource-record-set.ts';
import { routingOf } from '../route53/resource-record-set.ts';

/** "Multivalue answer routing": up to eight records, chosen at random. */
const MOST_MULTIVALUE_ANSWERS = 8;

/**
 * Which of the sets of one name and type answer a query: of those that are healthy, or of all where none is ("How Amazon
 * Route 53 chooses records when health checking is configured"). A set without a health check counts as healthy.
 */
export function chosenSets(
  all: readonly ResourceRecordSet[],
  random: () => number,
  isHealthy: (healthCheckId: string) => boolean = () => true,
): readonly ResourceRecordSet[] {
  const healthy = all.filter(({ healthCheckId }) => healthCheckId === undefined || isHealthy(healthCheckId));
  const sets = healthy.length === 0 ? all : healthy;
  const [first] = sets;
  if (first === undefined) return [];
  switch (routingOf(first)) {
    case 'simple':
      return [first];
    case 'multivalue':
      return shuffled(sets, random).slice(0, MOST_MULTIVALUE_ANSWERS);
    case 'weighted':
      return weighted(sets, random);
    case 'failover':
      return sets.filter(({ failover }) => failover === 'PRIMARY');
    case 'latency':
      return shuffled(sets, random).slice(0, 1);
  }
}

/** "Weighted routing": by weight; when every weight is 0, all are equally likely. */
function weighted(sets: readonly ResourceRecordSet[], random: () => number): readonly ResourceRecordSet[] {
  const total = sets.reduce((sum, { weight = 0 }) => sum + weight, 0);
  if (total === 0) return shuffled(sets, random).slice(0, 1);
  let rest = random() * total;
  for (const set of sets) {
    rest -= set.weight ?? 0;
    if (rest < 0) return [set];
  }
  return [];
}

export function shuffled<T>(entries: readonly T[], random: () => number): readonly T[] {
  return entries
    .map((entry) => ({ entry, order: random() }))
    .sort((one, other) => one.order - other.order)
    .map(({ entry }) => entry);
}
