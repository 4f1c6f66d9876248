import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findTarget } from '../../lib/cli/target-address.ts';
import { Account } from '../../local/account.ts';
import { folderWith, rolecallIn, surroundingsOf, type WorkingFolder } from './cli.ts';

const STACK = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
<StackName>Rolecall</StackName><StackId>arn:aws:cloudformation:eu-west-1:210987654321:stack/Rolecall/1</StackId>
<CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>
<member><OutputKey>RegistryTable</OutputKey><OutputValue>table-1</OutputValue></member>
<member><OutputKey>EventsQueue</OutputKey><OutputValue>https://sqs/events</OutputValue></member>
<member><OutputKey>WorkQueue</OutputKey><OutputValue>https://sqs/work.fifo</OutputValue></member>
<member><OutputKey>LaterQueue</OutputKey><OutputValue>https://sqs/later</OutputValue></member>
</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

const error = (code: string, message: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

let empty: string;
let cloudFormation: Server;
let answer: { status: number; body: string };
const asked: string[] = [];

beforeEach(async () => {
  empty = await mkdtemp(join(tmpdir(), 'rolecall-target-'));
  answer = { status: 200, body: STACK };
  asked.length = 0;
  cloudFormation = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => asked.push(chunk.toString()));
    request.on('end', () => response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body));
  });
  await new Promise<void>((resolve) => cloudFormation.listen(0, '127.0.0.1', resolve));
  const address = cloudFormation.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_CONFIG_FILE', join(empty, 'none'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(empty, 'none'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  for (const name of ['AWS_PROFILE', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    vi.stubEnv(name, undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await new Promise((resolve) => cloudFormation.close(resolve));
  await rm(empty, { recursive: true });
});

function withCredentials(): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
}

describe('the target in AWS', () => {
  it('is the stack Rolecall, known by its outputs', async () => {
    withCredentials();
    const target = await findTarget(surroundingsOf(empty), { region: 'eu-west-1' });
    expect(target).toEqual({
      kind: 'aws',
      name: 'account 210987654321, region eu-west-1, stack Rolecall',
      account: '210987654321',
      region: 'eu-west-1',
      outputs: {
        RegistryTable: 'table-1',
        EventsQueue: 'https://sqs/events',
        WorkQueue: 'https://sqs/work.fifo',
        LaterQueue: 'https://sqs/later',
      },
      settings: { region: 'eu-west-1' },
    });
    expect(asked.join('')).toContain('StackName=Rolecall');
  });

  it('is the stack that --stack names', async () => {
    withCredentials();
    const target = await findTarget(surroundingsOf(empty), { region: 'eu-west-1', stack: 'Other' });
    expect(target.name).toBe('account 210987654321, region eu-west-1, stack Other');
    expect(asked.join('')).toContain('StackName=Other');
  });

  it('exits with 1 where there is no such stack, and says what to do', async () => {
    withCredentials();
    answer = { status: 400, body: error('ValidationError', 'Stack with id Rolecall does not exist') };
    expect(await rolecallIn(empty, ['status', '--region', 'eu-west-1'])).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'rolecall: there is no stack Rolecall here: deploy it, or name another with --stack, --profile or --region\n',
    });
  });

  it('exits with 1 where the stack has not the outputs', async () => {
    withCredentials();
    answer = { status: 200, body: STACK.replace('WorkQueue', 'Other') };
    const { code, stderr } = await rolecallIn(empty, ['status', '--region', 'eu-west-1']);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/has no output WorkQueue: .* name another with --stack\n$/),
    });
  });

  it('exits with 4 without credentials, and says what to do', async () => {
    const { code, stdout, stderr } = await rolecallIn(empty, ['status', '--region', 'eu-west-1']);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/^rolecall: no AWS account is reached .* for the local account run npm start .*\n$/);
    expect(asked).toEqual([]);
  });

  it('exits with 4 in an empty environment', async () => {
    expect((await rolecallIn(empty, ['status'])).code).toBe(4);
  });

  it('exits with 4 when the credentials have expired', async () => {
    withCredentials();
    answer = { status: 403, body: error('ExpiredToken', 'The security token included in the request is expired') };
    expect((await rolecallIn(empty, ['status', '--region', 'eu-west-1'])).code).toBe(4);
  });

  it('does not exit with 4 when AWS only refuses', async () => {
    withCredentials();
    answer = { status: 403, body: error('AccessDenied', 'not authorized to perform cloudformation:DescribeStacks') };
    const { code, stderr } = await rolecallIn(empty, ['status', '--region', 'eu-west-1']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('not authorized') });
  });
});

describe('a running local account', () => {
  let account: Account;
  let folder: WorkingFolder;
  beforeEach(async () => {
    account = new Account();
    folder = await folderWith(account, 'registry');
  });
  afterEach(async () => {
    account.close();
    await folder.close();
  });

  it('is the target of its folder, without any credentials', async () => {
    const { kind, name, outputs } = await findTarget(surroundingsOf(folder.path), {});
    expect({ kind, name, outputs }).toEqual({
      kind: 'local',
      name: `the local account at ${folder.server.endpoint}`,
      outputs: { RegistryTable: 'registry', EventsQueue: 'e', WorkQueue: 'w', LaterQueue: 'l' },
    });
  });

  it.each([
    [{ stack: 'Rolecall' }, {}],
    [{ profile: 'work' }, {}],
    [{ region: 'eu-west-1' }, {}],
    [{}, { AWS_PROFILE: 'work' }],
  ])('is not the target when %j or %j says AWS', async (flags, environment) => {
    await expect(findTarget({ ...surroundingsOf(folder.path), environment }, flags)).rejects.toMatchObject({
      code: 'no-credentials',
    });
  });

  it('is the target whatever region and keys the environment has', async () => {
    const environment = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_PROFILE: '' };
    expect((await findTarget({ ...surroundingsOf(folder.path), environment }, {})).kind).toBe('local');
  });
});
