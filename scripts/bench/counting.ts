import type { World } from '../../local/simulation/world.ts';

/** What our functions called, the queues' own deliveries not among it. */
export interface Counts {
  readonly ec2: number;
  readonly reads: number;
  readonly writes: number;
  readonly dynamodb: number;
  readonly sqs: number;
  readonly autoScaling: number;
}

export interface Budget {
  readonly text: string;
  readonly holds: (counts: Counts) => boolean;
}

export interface Row {
  readonly work: string;
  readonly counts: Counts;
  readonly budget?: Budget;
}

/** Calls of λ observe and λ reconcile in the next seconds; the sweep, which comes each minute, not among them. */
export async function during(world: World, seconds: number, isCounted = (caller?: string) => caller !== 'Sweep') {
  world.account.forgetCalls();
  await world.advance(seconds);
  const made = world.account.calls.filter(({ caller }) => caller !== 'user' && isCounted(caller));
  const to = (service: string) => made.filter((call) => call.service === service);
  const writes = to('route53').filter(({ operation }) => operation === 'ChangeResourceRecordSets').length;
  return {
    ec2: to('ec2').length,
    reads: to('route53').length - writes,
    writes,
    dynamodb: to('dynamodb').length,
    sqs: to('sqs').length,
    autoScaling: to('autoscaling').length,
  };
}

export const ONE_READ: Budget = { text: '1 EC2', holds: ({ ec2 }) => ec2 <= 1 };

export function oneReadAndWrites(zoneCount: number): Budget {
  return {
    text: `1 EC2, ${writesText(zoneCount)}`,
    holds: ({ ec2, writes }) => ec2 <= 1 && writes <= zoneCount,
  };
}

export function writesText(count: number): string {
  return count === 1 ? '1 write' : `${count} writes`;
}

/** One termination is not to cost more, whatever kind of names it is in. */
export function terminationBudget(zoneCount: number): Budget {
  const calls = 4 + 4 * zoneCount;
  return {
    text: `0 EC2, 0 reads, ${writesText(zoneCount)}, ${calls} DynamoDB`,
    holds: ({ ec2, reads, writes, dynamodb }) => ec2 === 0 && reads === 0 && writes <= zoneCount && dynamodb <= calls,
  };
}

export const TERMINATED_BUDGET: Budget = {
  text: 'no Route 53, 3 DynamoDB',
  holds: ({ reads, writes, dynamodb }) => reads + writes === 0 && dynamodb <= 3,
};

export function zonesText(count: number): string {
  return count === 1 ? '1 zone' : `${count} zones`;
}
