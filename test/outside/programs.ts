import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { promisify } from 'node:util';
import type { RunningAccount } from '../end-to-end/running-account.ts';

const run = promisify(execFile);

/** The stock AWS CLI, with nothing of the user's own settings; gives what it prints as text. */
export async function aws({ endpoint }: RunningAccount, ...args: string[]): Promise<string> {
  const { stdout } = await run('aws', ['--endpoint-url', endpoint, '--output', 'text', ...args], {
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
    },
  });
  return stdout.trim();
}

/** The lines that dig prints. */
export async function dig({ dnsPort }: RunningAccount, ...args: string[]): Promise<string[]> {
  const { stdout } = await run('dig', ['@127.0.0.1', '-p', String(dnsPort), ...args]);
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '');
}
