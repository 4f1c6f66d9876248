import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startHttpServer } from '../../local/http-server.ts';
import { World } from '../../local/simulation/world.ts';
import { bundleLambdas } from '../bundle/lambda-bundles.ts';
import { addressesIn, launchInSubnets, until } from './fleet.ts';
import { figure, type Part, type Table } from './table.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ZONE_ID = 'Z0INT';
const MEMBERS = 10_000;
const TERMINATED = 10;
const CORE_SIZES = [1_000, 10_000, 100_000];

export const memory: Part = { name: 'memory', title: 'Memory', limitSeconds: 600, measure };

async function measure(): Promise<Table> {
  const rows = [...(await peaks()), ...(await coreRows())];
  return { columns: ['Work', 'resident, MB', 'heap held, MB', 'allocated, MB'], rows };
}

/** The deployed bundles in processes of their own, over HTTP, against an account with a large fleet. */
async function peaks(): Promise<string[][]> {
  await bundleLambdas();
  let isHeld = false;
  const world = await World.open(
    {
      zones: { int: { name: 'corp.internal', id: ZONE_ID, private: true } },
      roles: { web: { names: [{ zone: 'int', name: '{instanceId}' }] } },
    },
    {
      // Nothing of what the processes are to do is done before.
      hooks: () => ({
        before: async () => {
          if (isHeld) throw Object.assign(new Error('held back'), { name: 'TimeoutError' });
        },
      }),
    },
  );
  const instances = await launchInSubnets(world, 'web', MEMBERS);
  await until(world, () => addressesIn(world) === MEMBERS);
  isHeld = true;
  const gone = instances.slice(0, TERMINATED);
  await world.terminate(...gone);
  const server = await startHttpServer(world.account, 0);
  try {
    const environment = environmentOf(world, server.endpoint);
    const peak = async (name: string | undefined, event?: unknown) => await peakOf(environment, name, event);
    const wake = JSON.stringify({ kind: 'wake', group: ZONE_ID, attempt: 0 });
    const fleet = `${figure(MEMBERS)} members, ${TERMINATED} gone`;
    const rows = [
      ['Node alone', await peak(undefined)],
      ['λ configure, loaded', await peak('configure')],
      ['λ update, loaded', await peak('update')],
      [`λ observe, ${TERMINATED} terminations in a batch`, await peak('observe', messages(gone.map(goingEvent)))],
      [`λ reconcile, a zone of ${fleet}`, await peak('reconcile', messages([wake]))],
      [`λ sweep, ${fleet}`, await peak('sweep', {})],
    ];
    const left = addressesIn(world);
    if (left !== MEMBERS - TERMINATED) throw new Error(`the zone holds ${left} addresses`);
    return rows.map((cells) => [...cells, '–', '–']);
  } finally {
    await server.close();
    await world.close();
  }
}

function environmentOf(world: World, endpoint: string): NodeJS.ProcessEnv {
  const served = (output: string) => (world.stack.outputs[output] ?? '').replace(/^https?:\/\/[^/]+/, endpoint);
  return {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    REGISTRY_TABLE: world.stack.outputs['RegistryTable'],
    WORK_QUEUE_URL: served('WorkQueue'),
    LATER_QUEUE_URL: served('LaterQueue'),
  };
}

function messages(bodies: readonly string[]): unknown {
  return { Records: bodies.map((body, index) => ({ messageId: String(index), body, attributes: {} })) };
}

function goingEvent(instance: string): string {
  return JSON.stringify({
    version: '0',
    id: `event-${instance}`,
    'detail-type': 'EC2 Instance State-change Notification',
    source: 'aws.ec2',
    account: '123456789012',
    time: '2026-01-05T12:30:00Z',
    region: 'us-east-1',
    resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${instance}`],
    detail: { 'instance-id': instance, state: 'shutting-down' },
  });
}

/** The largest resident set of a process that loads the bundle and, where there is an event, handles it. */
async function peakOf(env: NodeJS.ProcessEnv, name?: string, event?: unknown): Promise<string> {
  const file = new URL(`../../dist/lambdas/${name ?? ''}/index.mjs`, import.meta.url).href;
  const load = name === undefined ? '' : `const { handler } = await import(${JSON.stringify(file)});`;
  const call = event === undefined ? '' : `answer = await handler(${JSON.stringify(event)}, {});`;
  // Linux hands the maxRSS of the process that starts it on to a new one; VmHWM begins anew.
  const peak = `/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]`;
  const end = `console.error(${peak}, answer?.batchItemFailures?.length ?? 0);`;
  const script = `import { readFileSync } from 'node:fs'; let answer; ${load} ${call} ${end} process.exit();`;
  const { stderr } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: ROOT, env });
  const [kilobytes = Number.NaN, failures] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  if (failures !== 0) throw new Error(`λ ${name} failed: ${stderr}`);
  return figure(kilobytes / 1024);
}

/** Of the pure core: what it is given, and all that one pass makes, none of it collected meanwhile. */
async function coreRows(): Promise<string[][]> {
  const rows: string[][] = [];
  for (const size of CORE_SIZES) {
    const script = fileURLToPath(new URL('core-memory.ts', import.meta.url));
    const flags = ['--expose-gc', '--max-semi-space-size=1024', '--import', 'tsx'];
    const { stdout } = await run(process.execPath, [...flags, script, String(size)], { cwd: ROOT });
    const [held = Number.NaN, allocated = Number.NaN] = stdout.trim().split(' ').map(Number);
    rows.push([`pure core, ${figure(size)} members, a name each`, '–', figure(held), figure(allocated)]);
  }
  return rows;
}
