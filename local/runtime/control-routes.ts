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
    account.route53.throttling = v.parse(THROTTLING, body).on;
    return {};
  });
  server.route('reset-faults', () => {
    account.faults.clear();
    account.ec2.passStatusChecks();
    account.route53.throttling = false;
    return {};
  });
  server.route('delete-stack', async () => {
    await stack.delete();
    return {};
  });
}
