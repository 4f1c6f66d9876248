import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Account } from '../../local/account.ts';
import { folderWith, rolecallIn, type WorkingFolder } from './cli.ts';
import { validated } from './validated.ts';

let account: Account;
let folder: WorkingFolder;

beforeEach(async () => {
  account = new Account({ lifecycle: { pendingMs: 0, stoppingMs: 0, shuttingDownMs: 0 } });
  folder = await folderWith(account, 'registry');
});

afterEach(async () => {
  account.close();
  await folder.close();
});

function states(): string[] {
  return account.ec2.listedInstances().map((instance) => instance.state);
}

async function running(count: number): Promise<void> {
  await expect.poll(states).toEqual(Array.from({ length: count }, () => 'running'));
}

describe('rolecall sim', () => {
  it('launches instances that carry the role', async () => {
    const { code, stdout, stderr } = await folder.rolecall(
      'sim',
      'launch',
      'web',
      '--count',
      '2',
      '--az',
      'us-east-1b',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^(i-[0-9a-f]{17} {2}pending {8}web.*\n){2}$/);
    const launched = account.ec2.listedInstances();
    expect(launched.map(({ tags }) => tags)).toEqual([{ 'rolecall:role': 'web' }, { 'rolecall:role': 'web' }]);
    expect(launched.map(({ zone }) => zone)).toEqual(['us-east-1b', 'us-east-1b']);
  });

  it('launches one instance that holds several roles, and prints JSON in an envelope', async () => {
    const { code, stdout } = await folder.rolecall('sim', 'launch', 'web', 'cache', '--no-public', '--json');
    expect(code).toBe(0);
    const [instance] = account.ec2.listedInstances();
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      command: 'sim launch',
      data: { instances: [{ instanceId: instance?.id, roles: ['cache', 'web'], state: 'pending' }] },
    });
    await running(1);
    expect((await folder.rolecall('sim', 'stop', 'cache', '--json')).stdout).not.toContain('publicIpv4');
  });

  it('terminates the newest member of a role', async () => {
    await folder.rolecall('sim', 'launch', 'web');
    await folder.rolecall('sim', 'launch', 'web');
    await running(2);
    expect((await folder.rolecall('sim', 'terminate', 'web')).code).toBe(0);
    await expect.poll(states).toEqual(['running', 'terminated']);
  });

  it('stops and starts every member of a role with --all, and no other', async () => {
    await folder.rolecall('sim', 'launch', 'web', '--count', '2');
    await folder.rolecall('sim', 'launch', 'cache');
    await running(3);
    await folder.rolecall('sim', 'stop', 'web', '--all');
    await expect.poll(states).toEqual(['stopped', 'stopped', 'running']);
    await folder.rolecall('sim', 'start', 'web', '--all');
    await running(3);
  });

  it('takes an instance by its id', async () => {
    await folder.rolecall('sim', 'launch', 'web', '--count', '2');
    await running(2);
    const id = account.ec2.listedInstances()[0]?.id ?? '';
    expect((await folder.rolecall('sim', 'terminate', id)).stdout).toContain(`${id}  shutting-down  web`);
    await expect.poll(states).toEqual(['terminated', 'running']);
  });

  it('lets an Auto Scaling group take an instance away, which waits at its hook, and again a second one', async () => {
    await folder.rolecall('sim', 'launch', 'web', '--count', '2');
    await running(2);
    const [first = '', second = ''] = account.ec2.listedInstances().map(({ id }) => id);
    const outcome = await folder.rolecall('sim', 'scale-in', first, '--json');
    expect(validated(outcome)).toMatchObject({ instances: [{ instanceId: first }], group: 'sim', hook: 'drain' });
    expect(states()).toEqual(['running', 'running']);
    expect([first, second].map((id) => account.autoscaling.isWaiting(id))).toEqual([true, false]);
    const { stdout } = await folder.rolecall('sim', 'scale-in', second);
    expect(stdout).toBe(`${second} waits at the hook drain of the group sim, until it has drained: web\n`);
    account.autoscaling.complete({ group: 'sim', hook: 'drain', instanceId: first }, 'CONTINUE');
    await expect.poll(states).toEqual(['terminated', 'running']);
  });

  it('tags an instance', async () => {
    await folder.rolecall('sim', 'launch', 'web');
    const { code, stdout } = await folder.rolecall('sim', 'tag', 'web', 'rolecall:role=cache', 'Name=a=b');
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^i-\w+ {2}rolecall:role=cache {2}Name=a=b\n$/),
    });
    expect(account.ec2.listedInstances()[0]?.tags).toEqual({ 'rolecall:role': 'cache', Name: 'a=b' });
  });

  it('asks the local account for what no AWS API offers', async () => {
    const asked: unknown[] = [];
    for (const name of ['spot-warning', 'faults', 'throttling', 'reset-faults', 'delete-stack']) {
      folder.server.route(name, ({ body }) => asked.push([name, body]));
    }
    await folder.rolecall('sim', 'launch', 'web');
    await running(1);
    const instanceId = account.ec2.listedInstances()[0]?.id;
    await folder.rolecall('sim', 'spot-warning', 'web');
    await folder.rolecall(
      'sim',
      'fail',
      'route53',
      'ChangeResourceRecordSets',
      '--effect',
      'timeout-after',
      '--times',
      '3',
    );
    await folder.rolecall('sim', 'throttling', 'on');
    await folder.rolecall('sim', 'reset-faults');
    await folder.rolecall('sim', 'delete-stack');
    expect(asked).toEqual([
      ['spot-warning', { instanceId }],
      ['faults', { service: 'route53', operation: 'ChangeResourceRecordSets', effect: 'timeout-after', times: 3 }],
      ['throttling', { on: true }],
      ['reset-faults', {}],
      ['delete-stack', {}],
    ]);
  });

  it.each([
    [['--times', '1'], 'route53 ChangeResourceRecordSets: throttle, once\n'],
    [['--times', '3'], 'route53 ChangeResourceRecordSets: throttle, 3 times\n'],
    [[], 'route53 ChangeResourceRecordSets: throttle, until sim reset-faults\n'],
  ])('says how often calls fail: %j', async (flags, stdout) => {
    folder.server.route('faults', () => ({}));
    const said = await folder.rolecall('sim', 'fail', 'route53', 'ChangeResourceRecordSets', ...flags);
    expect(said).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('lets the status checks of a role’s newest member, or of all, find them impaired', async () => {
    const asked: unknown[] = [];
    folder.server.route('status-checks', ({ body }) => asked.push(body));
    await folder.rolecall('sim', 'launch', 'web', '--count', '2');
    await running(2);
    const ids = account.ec2.listedInstances().map(({ id }) => id);
    const { code, stdout } = await folder.rolecall('sim', 'fail', 'web');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^i-\w+: status checks impaired, until sim reset-faults\n$/);
    await folder.rolecall('sim', 'fail', 'web', '--all');
    expect(asked).toEqual([
      { instanceIds: [expect.stringMatching(/^i-/)] },
      { instanceIds: expect.arrayContaining(ids) },
    ]);
  });

  it('says what the local account answered when it refuses', async () => {
    folder.server.route('faults', () => {
      throw new Error('service is "s3"; it is one of ec2, route53');
    });
    expect(await folder.rolecall('sim', 'fail', 's3', 'PutObject')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'rolecall: service is "s3"; it is one of ec2, route53\n',
    });
  });

  it.each([
    [
      'cache',
      '"cache" is neither a role that an instance holds nor an instance id, as in i-0123456789abcdef0; roles: web',
    ],
    [
      'i-123',
      '"i-123" is neither a role that an instance holds nor an instance id, as in i-0123456789abcdef0; roles: web',
    ],
    ['web', 'the role web has no member that is stopped'],
    ['i-0123456789abcdef0', 'there is no instance i-0123456789abcdef0 that is stopped; roles: web'],
  ])('fails when %s is not in a state for it, and says what there is', async (target, said) => {
    await folder.rolecall('sim', 'launch', 'web');
    expect(await folder.rolecall('sim', 'start', target)).toEqual({
      code: 1,
      stdout: '',
      stderr: `rolecall: ${said}\n`,
    });
  });

  it('says what to do where no local account runs', async () => {
    expect(await rolecallIn('/', ['sim', 'launch', 'web'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'rolecall: no local account is running in this folder: start one with npm start, in another terminal\n',
    });
  });

  it.each([
    [[], 'Usage: rolecall'],
    [['sim'], 'Usage: rolecall sim'],
    [['simm'], "unknown command 'simm'"],
    [['sim', 'launch'], "missing required argument 'role'"],
    [['sim', 'launch', 'Web'], '"Web" is no role: a role is one lower-case DNS label, as in web'],
    [['sim', 'launch', 'web', '--count', '0'], 'It is a whole number from 1 to 1000.'],
    [['sim', 'tag', 'web', 'role'], '"role" is no tag: write key=value, as in rolecall:role=web'],
    [['sim', 'fail', 'ec2', 'X', '--effect', 'fire'], 'Allowed choices are throttle, error-before'],
    [['sim', 'fail', 'ec2'], 'ec2 is a service: name an operation too, as in sim fail ec2 DescribeInstances'],
    [['sim', 'stop', 'web', '--everything'], "unknown option '--everything'"],
  ])('exits with 64 for %j', async (args, message) => {
    const { code, stdout, stderr } = await folder.rolecall(...args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(message.startsWith('Usage: ') ? /^(?:Examples|Usage):/ : /^rolecall: /);
  });

  it.each([[['--help']], [['sim', '--help']], [['sim', 'launch', '--help']], [['status', '--help']]])(
    'prints help for %j to stdout, and exits with 0',
    async (args) => {
      const { code, stdout, stderr } = await folder.rolecall(...args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Usage: rolecall');
    },
  );
});
