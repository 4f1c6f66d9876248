import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunningAccount } from '../end-to-end/running-account.ts';

const CONFIGURATION = {
  zones: { pub: { name: 'example.com' } },
  endpoint: true,
  roles: {
    web: {
      names: [
        { zone: 'pub', address: ['public', 'ipv6'] },
        { zone: 'pub', name: '{instanceId}.{role}' },
      ],
    },
    api: 'pub',
  },
  hosts: { 'dc1-web': { roles: ['web'] } },
};

export interface ClientRun {
  readonly code: number;
  /** stdout and stderr. */
  readonly output: string;
}

/** A local account with an endpoint, a host with a token, and a folder for the files of a client. */
export class DyndnsEndpoint {
  readonly account: RunningAccount;
  readonly folder: string;
  /** `127.0.0.1:<port>` */
  readonly server: string;
  readonly token: string;

  private constructor(account: RunningAccount, folder: string, server: string, token: string) {
    this.account = account;
    this.folder = folder;
    this.server = server;
    this.token = token;
  }

  static async start(): Promise<DyndnsEndpoint> {
    const folder = await mkdtemp(join(tmpdir(), 'rolecall-dyndns-'));
    const configuration = join(folder, 'roles.json');
    await writeFile(configuration, JSON.stringify(CONFIGURATION));
    const account = await RunningAccount.start('--url-port', '0', '--config', configuration);
    const { stdout, stderr } = await account.rolecall('host', 'add', 'dc1-web', '--json');
    if (stdout === '') throw new Error(stderr);
    const { data } = JSON.parse(stdout) as { readonly data: { readonly token: string; readonly endpointUrl: string } };
    return new DyndnsEndpoint(account, folder, new URL(data.endpointUrl).host, data.token);
  }

  /** Written as the clients ask for: readable by its owner alone. */
  async write(name: string, lines: readonly string[]): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, `${lines.join('\n')}\n`);
    await chmod(path, 0o600);
    return path;
  }

  async stop(): Promise<void> {
    await this.account.stop();
    await rm(this.folder, { recursive: true });
  }
}

/** Runs a client once; one that is not installed is an error, and one that fails is a result. */
export async function runClient(program: string, args: readonly string[]): Promise<ClientRun> {
  return await new Promise((done, failed) => {
    execFile(program, [...args], (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') failed(error);
      else done({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}` });
    });
  });
}
