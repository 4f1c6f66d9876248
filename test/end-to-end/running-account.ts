import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { Route53Client } from '@aws-sdk/client-route-53';
import { decode, encode } from 'dns-packet';
import * as v from 'valibot';

const START = fileURLToPath(new URL('../../local/start.ts', import.meta.url));
const LAUNCHER = fileURLToPath(new URL('../../bin/rolecall.cjs', import.meta.url));

const READY = v.object({
  kind: v.literal('ready'),
  endpoint: v.string(),
  dns: v.object({ address: v.string(), port: v.number() }),
  outputs: v.record(v.string(), v.string()),
});
const LINE = v.looseObject({ kind: v.string() });

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of the project's, as npm would, and waits for its end. */
export async function runScript(
  folder: string,
  script: 'start' | 'rolecall',
  args: readonly string[],
): Promise<Finished> {
  const child = spawnScript(folder, script, args);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, stdout, stderr };
}

function spawnScript(folder: string, script: 'start' | 'rolecall', args: readonly string[]): ChildProcess {
  const program = script === 'start' ? ['--import', import.meta.resolve('tsx'), START] : [LAUNCHER];
  const { NODE_OPTIONS: _inherited, ...environment } = process.env;
  return spawn(process.execPath, [...program, ...args], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The local account as a process of its own, in a folder of its own. */
export class RunningAccount {
  readonly folder: string;
  readonly endpoint: string;
  readonly dnsPort: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly ec2: EC2Client;
  readonly route53: Route53Client;
  readonly dynamodb: DynamoDBClient;
  /** What it printed: one object a line. */
  readonly lines: readonly v.InferOutput<typeof LINE>[];
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  private constructor(
    folder: string,
    child: ChildProcess,
    ended: Promise<number | null>,
    ready: v.InferOutput<typeof READY>,
    lines: readonly v.InferOutput<typeof LINE>[],
  ) {
    this.folder = folder;
    this.#child = child;
    this.#ended = ended;
    this.lines = lines;
    this.endpoint = ready.endpoint;
    this.dnsPort = ready.dns.port;
    this.outputs = ready.outputs;
    const settings = {
      endpoint: ready.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    };
    this.ec2 = new EC2Client(settings);
    this.route53 = new Route53Client(settings);
    this.dynamodb = new DynamoDBClient(settings);
  }

  static async start(...args: string[]): Promise<RunningAccount> {
    const folder = await mkdtemp(join(tmpdir(), 'rolecall-account-'));
    const child = spawnScript(folder, 'start', ['--json', '--port', '0', '--dns-port', '0', ...args]);
    const ended = new Promise<number | null>((done) => child.once('close', done));
    const lines: v.InferOutput<typeof LINE>[] = [];
    let complaints = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    const ready = new Promise<v.InferOutput<typeof READY>>((done) => {
      if (child.stdout === null) return;
      createInterface({ input: child.stdout }).on('line', (text) => {
        const line = v.parse(LINE, JSON.parse(text));
        lines.push(line);
        const read = v.safeParse(READY, line);
        if (read.success) done(read.output);
      });
    });
    const failed = ended.then((code) => {
      throw new Error(`the local account ended with ${code} before it was ready:\n${complaints}`);
    });
    return new RunningAccount(folder, child, ended, await Promise.race([ready, failed]), lines);
  }

  rolecall(...args: string[]): Promise<Finished> {
    return runScript(this.folder, 'rolecall', args);
  }

  /** What the DNS server answers, sorted: the data of the answers of this type. */
  async lookUp(name: string, type: 'A' | 'AAAA' = 'A'): Promise<string[]> {
    const socket = createSocket('udp4');
    try {
      const answer = await new Promise<Buffer>((done, failed) => {
        socket.once('message', done).once('error', failed);
        socket.send(encode({ type: 'query', id: 7, questions: [{ name, type }] }), this.dnsPort, '127.0.0.1');
      });
      const { answers = [] } = decode(answer);
      return answers.flatMap((each) => (each.type === 'A' || each.type === 'AAAA' ? [each.data] : [])).sort();
    } finally {
      socket.close();
    }
  }

  /** Ends the process and removes its folder. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.folder, { recursive: true });
  }

  /** Ends the process, by Ctrl-C or otherwise; gives its exit code. */
  async end(signal: 'SIGINT' | 'SIGTERM'): Promise<number | null> {
    this.#child.kill(signal);
    const code = await this.#ended;
    for (const client of [this.ec2, this.route53, this.dynamodb]) client.destroy();
    return code;
  }
}
