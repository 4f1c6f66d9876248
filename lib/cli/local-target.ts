import type { EC2Client } from '@aws-sdk/client-ec2';
import { RolecallError } from '../model/errors.ts';
import { type LocalAccountAddress, readControlFile } from './control-file.ts';
import type { Surroundings } from './surroundings.ts';

/** @throws RolecallError when no local account was started in this folder. */
export async function localAccount({ folder, progress }: Surroundings): Promise<LocalAccountAddress> {
  progress?.waitFor('asking the local account');
  const account = await readControlFile(folder);
  if (account === undefined) {
    throw new RolecallError(
      'no-local-account',
      'no local account is running in this folder: start one with npm start, in another terminal',
    );
  }
  return account;
}

/** Settings for any SDK client of the local account: it takes all credentials. */
export function localClientSettings({ endpoint, region }: LocalAccountAddress) {
  return { endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1 };
}

export async function localEc2(account: LocalAccountAddress): Promise<EC2Client> {
  const { EC2Client: Client } = await import('./sdk/ec2.ts');
  return new Client(localClientSettings(account));
}

/** Asks the local account itself for what no AWS API offers, such as a spot interruption. */
export async function askLocalAccount(
  { endpoint }: LocalAccountAddress,
  path: string,
  body: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  const response = await fetch(`${endpoint}/_rolecall/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok)
    throw new RolecallError('refused', messageIn(answer) ?? `the local account said ${response.status}`);
  return answer;
}

function messageIn(answer: unknown): string | undefined {
  const message: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'message') : undefined;
  return typeof message === 'string' ? message : undefined;
}
