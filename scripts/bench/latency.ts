import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { JournalEntry } from '../../lib/model/journal.ts';
import { type Clients, clientsFor } from '../../local/in-process.ts';
import { type LocalAccount, startLocalAccount } from '../../local/runtime/local-account.ts';
import { synthesize } from '../../local/runtime/synthesis.ts';
import { figure, median, type Part, percentile, type Table, verdict } from './table.ts';

const WARM_UP = 20;
const MEASURED = 200;
const PATIENCE_MS = 30_000;
const P99_BUDGET_MS = 300;
const CPU_BUDGET_MS = 60;

const CONFIGURATION: Configuration = {
  zones: { pub: { name: 'example.com', id: 'Z0PUB' } },
  roles: { web: { names: [{ zone: 'pub' }] } },
};

type Entry = Extract<JournalEntry, { kind: 'change' }>;

export const latency: Part = { name: 'latency', title: 'Event to accepted', limitSeconds: 300, measure };

/** Terminates one instance after another in a local account; each is awaited until its address is out of the zone. */
async function measure(): Promise<Table> {
  const removals = new Removals();
  const problems: string[] = [];
  const local = await startAccount((entry) => removals.take(entry), problems);
  try {
    const { ec2 } = clientsFor(local.account, 'bench');
    const ids = await launch(ec2, WARM_UP + MEASURED, removals);
    await terminateEach(ec2, ids.slice(0, WARM_UP), removals);
    const before = process.cpuUsage();
    const startedAtMs = performance.now();
    const entries = await terminateEach(ec2, ids.slice(WARM_UP), removals);
    const seconds = (performance.now() - startedAtMs) / 1000;
    const { user, system } = process.cpuUsage(before);
    if (problems.length > 0) throw new Error(`the functions complained: ${problems[0]}`);
    return tableOf(
      entries.flatMap((entry) => entry.eventToAcceptedMs ?? []),
      (user + system) / 1000 / MEASURED,
      MEASURED / seconds,
    );
  } finally {
    await local.close();
  }
}

function tableOf(milliseconds: readonly number[], cpuMs: number, perSecond: number): Table {
  if (milliseconds.length !== MEASURED) throw new Error(`${milliseconds.length} of ${MEASURED} removals were timed`);
  const p99 = percentile(milliseconds, 0.99);
  return {
    columns: ['Figure', 'Value', 'Budget', ''],
    rows: [
      ['median', `${figure(median(milliseconds))} ms`, '–', verdict(undefined)],
      ['99th percentile', `${figure(p99)} ms`, `${P99_BUDGET_MS} ms`, verdict(p99 <= P99_BUDGET_MS)],
      ['longest', `${figure(Math.max(...milliseconds))} ms`, '–', verdict(undefined)],
      ['terminations a second, one after another', figure(perSecond), '–', verdict(undefined)],
      [
        'processor time of the whole process, a termination',
        `${figure(cpuMs)} ms`,
        `${CPU_BUDGET_MS} ms`,
        verdict(cpuMs <= CPU_BUDGET_MS),
      ],
    ],
  };
}

async function startAccount(onEntry: (entry: JournalEntry) => void, problems: string[]): Promise<LocalAccount> {
  const folder = await mkdtemp(join(tmpdir(), 'rolecall-bench-'));
  try {
    const configurationPath = join(folder, 'roles.json');
    await writeFile(configurationPath, JSON.stringify(CONFIGURATION));
    const stackName = 'Rolecall';
    const configuration = CONFIGURATION;
    const assemblyFolder = await synthesize({ configurationPath, configuration, stackName, onProgress: () => {} });
    const onProblem = (line: string) => problems.push(line);
    const furnish = async () => {};
    return await startLocalAccount({
      ...{ assemblyFolder, stackName, configuration, furnish, onEntry, onProblem },
      ...{ port: 0, urlPort: 0, dnsPort: 0 },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function launch(ec2: Clients['ec2'], count: number, removals: Removals): Promise<string[]> {
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      MinCount: count,
      MaxCount: count,
      InstanceType: 't3.micro',
      NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true }],
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'rolecall:role', Value: 'web' }] }],
    }),
  );
  const ids = Instances.flatMap(({ InstanceId }) => InstanceId ?? []);
  await removals.untilPublished(ids);
  return ids;
}

async function terminateEach(ec2: Clients['ec2'], ids: readonly string[], removals: Removals): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const instanceId of ids) {
    const removed = removals.of(instanceId);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    entries.push(await removed);
  }
  return entries;
}

/** Reads the journal as the functions write it. */
class Removals {
  readonly #published = new Set<string>();
  readonly #awaited = new Map<string, (entry: Entry) => void>();
  #onPublished: (() => void) | undefined;

  take(entry: JournalEntry): void {
    if (entry.kind !== 'change') return;
    for (const instanceId of entry.members) this.#published.add(instanceId);
    this.#onPublished?.();
    for (const instanceId of entry.instances ?? [entry.instance ?? '']) this.#awaited.get(instanceId)?.(entry);
  }

  /** The entry of the change by which the instance goes. */
  of(instanceId: string): Promise<Entry> {
    return inTime(`the removal of ${instanceId}`, (done) => {
      this.#awaited.set(instanceId, (entry) => {
        if (entry.reason === 'terminated') done(entry);
      });
    });
  }

  async untilPublished(ids: readonly string[]): Promise<void> {
    await inTime('the launch', (done) => {
      this.#onPublished = () => {
        if (ids.every((id) => this.#published.has(id))) done(undefined);
      };
    });
  }
}

function inTime<T>(what: string, start: (done: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} did not come about in time`)), PATIENCE_MS);
    start((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
