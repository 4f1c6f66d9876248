import * as v from 'valibot';
import type { Account } from '../account.ts';
import { parseFault } from '../faults.ts';
import type { AccountServer } from '../http-server.ts';
import type { Stack } from './stack.ts';

const INSTANCE = v.object({ instanceId: v.string() });
const INSTANCES = v.object({ instanceIds: v.array(v.string()) });
const THROTTLING = v.object({ on: v.boolean() });

/** What `rolecall sim` asks for that no AWS API offers. */
export function addControlRoutes(server: AccountServer, account: Account, stack: Stack): void {
  server.route('spot-warning', ({ body }) => {
    account.ec2.interruptSpot(v.parse(INSTANCE, body).instanceId);
    return {};
  });
  server.route('status-checks', ({ body }) => {
    for (const id of v.parse(INSTANCES, body).instanceIds) account.ec2.failStatusCheck(id);
    return {};
  });
  server.route('faults', ({ body }) => {
    account.faults.add(parseFault(body));
    return {};
  });
  server.route('throttling', ({ body }) => {
    const { on } = v.parse(THROTTLING, body);
    account.route53.throttling = on;
    account.ec2.throttling = on;
    return {};
  });
  server.route('reset-faults', () => {
    account.faults.clear();
    account.ec2.passStatusChecks();
    account.route53.throttling = false;
    account.ec2.throttling = false;
    return {};
  });
  server.route('unsettled', () => ({ unsettled: unsettledIn(account, stack) }));
  server.route('delete-stack', async () => {
    await stack.delete();
    return {};
  });
}

const PASSING_STATES: readonly string[] = ['pending', 'stopping', 'shutting-down'];

/** What will still change by itself, soon. What waits in the queue for later does so for a reason of its own. */
function unsettledIn({ ec2, route53, sqs }: Account, { outputs }: Stack): string[] {
  const passing = ec2.listedInstances().filter(({ state }) => PASSING_STATES.includes(state));
  const queues = ['EventsQueue', 'WorkQueue'].flatMap((name) => {
    const queue = sqs.all.find((each) => sqs.urlOf(each) === outputs[name]);
    if (queue === undefined) return [];
    const { visible, inFlight, delayed } = queue.counts();
    const messages = visible + inFlight + delayed;
    return messages === 0 ? [] : [`${name}: ${messages} messages`];
  });
  const changes = route53.pendingChanges();
  return [
    ...passing.map(({ id, state }) => `${id} is ${state}`),
    ...queues,
    ...(changes === 0 ? [] : [`Route 53: ${changes} changes before INSYNC`]),
  ];
}
