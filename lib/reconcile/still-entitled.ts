import type { AssociationStep } from '../desired/addresses.ts';
import { inService } from '../desired/standing.ts';
import { isAbsent } from '../desired/succession.ts';
import { type Fact, foldDescription, isDown, membersOf } from '../model/fact.ts';
import type { Role } from '../model/role.ts';
import type { PooledState } from './address-refusals.ts';
import type { ComputePorts } from './ports.ts';

/**
 * Whoever is to lose an address, and is not known to be gone, is read just before. Returns who of them EC2 shows to serve, or to run,
 * after all: no event told that it was started or tagged again, or nobody could store it. λ observe is asked to read
 * them too, and what it finds brings the pass back.
 *
 * @throws ServiceFailure where EC2 cannot be asked: then nothing is taken.
 */
export async function stillEntitled(
  planned: readonly { readonly state: PooledState; readonly step: AssociationStep }[],
  facts: readonly Fact[],
  ports: ComputePorts,
): Promise<ReadonlySet<string>> {
  const known = new Map(facts.map((fact) => [fact.instanceId, fact]));
  const losers = new Map<string, { readonly fact: Fact; readonly role: Role }>();
  for (const { state, step } of planned) {
    const fact = step.kind === 'disassociate-then-associate' ? known.get(step.from) : undefined;
    if (fact !== undefined && fact.gone === undefined) losers.set(fact.instanceId, { fact, role: state.definition });
  }
  if (losers.size === 0) return new Set();
  const atMs = ports.clock.now();
  const entitled: string[] = [];
  for (const description of await ports.compute.describe([...losers.keys()])) {
    const loser = losers.get(description.instanceId);
    if (loser === undefined) continue;
    const { fact, role } = loser;
    const after = foldDescription(fact, description, Math.max(atMs, fact.readAtMs));
    if ((isDown(fact) && !isDown(after)) || (!serves(role, fact) && serves(role, after)))
      entitled.push(fact.instanceId);
  }
  if (entitled.length > 0) await ports.queue.later({ kind: 'read-again', instanceIds: entitled, attempt: 0 }, 1);
  return new Set(entitled);
}

function serves(role: Role, fact: Fact): boolean {
  const members = membersOf(fact).filter((member) => member.role === role.role && !isAbsent(member));
  return inService(role, members).length > 0;
}
