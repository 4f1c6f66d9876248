import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { validated } from './validated.ts';
import { mailWorld, PUB, worldWith } from './worlds.ts';
import { rolecallOn } from './world-target.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-plan-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function fileOf(configuration: object): Promise<string> {
  const file = join(folder, 'roles.json');
  await writeFile(file, JSON.stringify(configuration));
  return file;
}

const LEGEND = '+ create   ~ change: new (was old)   - delete   > Elastic IP   ! withheld';

describe('rolecall plan', () => {
  it('shows no change where all is as it should be, and exits with 0', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(75);
    expect(await rolecallOn(world, 'plan', '--detailed-exitcode')).toEqual({
      code: 0,
      stdout: 'the world · what reconcile would do now\n\nNo changes.\n',
      stderr: '',
    });
    await world.closeCleanly();
  });

  it('shows a record that other hands changed, old and new in a line, and writes nothing', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(75);
    const [before = ''] = await world.zone('Z0AAA');
    const address = before.split(' ').at(-1);
    await world.edit('Z0AAA', 'UPSERT', 'web.example.com', 'A', 60, '192.0.2.9');
    const calls = world.journal.length;
    const { code, stdout } = await rolecallOn(world, 'plan', '--detailed-exitcode');
    expect(code).toBe(2);
    expect(stdout.split('\n')).toEqual([
      'the world · what reconcile would do now',
      LEGEND,
      '',
      'example.com (Z0AAA)',
      `  ~  web.example.com  A  ${address} (was 192.0.2.9)  set right after a change by other hands`,
      '',
      '0 to create, 1 to change, 0 to delete, 0 addresses to move; 0 withheld.',
      '',
    ]);
    expect((await rolecallOn(world, 'plan')).code).toBe(0);
    expect(world.journal.length).toBe(calls);
    expect(await world.zone('Z0AAA')).toEqual(['web.example.com A 60 192.0.2.9']);
    await world.closeCleanly();
  });

  it('shows what is withheld, with the record that is in the way', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.edit('Z0AAA', 'CREATE', 'web.example.com', 'A', 300, '192.0.2.9');
    await world.launch('web');
    await world.advance(75);
    const outcome = await rolecallOn(world, 'plan', '--detailed-exitcode', '--json');
    expect(outcome.code).toBe(0);
    expect(validated(outcome)).toMatchObject({
      zones: [
        { changes: [], withheld: [{ name: 'web.example.com', reason: 'foreign-record', detail: 'A 192.0.2.9' }] },
      ],
      summary: { create: 0, update: 0, delete: 0, addresses: 0, withheld: 1 },
    });
    await world.closeCleanly();
  });

  it('shows what comes when Route 53 is not reached for a while', async () => {
    const world = await worldWith({ web: 'pub' });
    world.account.faults.add({ service: 'route53', operation: 'ChangeResourceRecordSets', effect: 'throttle' });
    const [id] = await world.launch('web');
    await world.advance(20);
    const { stdout } = await rolecallOn(world, 'plan');
    expect(stdout).toMatch(new RegExp(`^  \\+  web\\.example\\.com  A  [\\d.]+  ttl 60  ${id} serving$`, 'm'));
    await world.closeCleanly();
  });

  it('shows an Elastic IP that is not where its slot says', async () => {
    const world = await mailWorld(1);
    world.account.faults.add({ service: 'ec2', operation: 'AssociateAddress', effect: 'throttle' });
    const [id = ''] = await world.launch('mail');
    await world.advance(20);
    const { addresses } = validated(await rolecallOn(world, 'plan', '--json')) as { addresses: unknown };
    expect(addresses).toMatchObject([{ action: 'associate', role: 'mail', to: id }]);
    await world.closeCleanly();
  });
});

describe('rolecall plan --config', () => {
  it('shows what a deploy of the file would change', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(75);
    const file = await fileOf({
      zones: { pub: PUB },
      roles: {
        web: {
          names: [
            { zone: 'pub', ttl: '30s' },
            { zone: 'pub', name: 'www' },
          ],
        },
      },
    });
    const plan = validated(await rolecallOn(world, 'plan', '--config', file, '--json'));
    expect(plan).toMatchObject({
      configuration: file,
      zones: [
        {
          changes: [
            { action: 'update', name: 'web.example.com', before: { ttlSeconds: 60 }, after: { ttlSeconds: 30 } },
            { action: 'create', name: 'www.example.com', reason: 'configured' },
          ],
        },
      ],
    });
    expect((await rolecallOn(world, 'plan')).stdout).toContain('No changes.');
    await world.closeCleanly();
  });

  it('shows a zone that the stack has yet to create', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(75);
    const file = await fileOf({
      zones: { pub: PUB, new: { name: 'example.net' } },
      roles: { web: { names: [{ zone: 'pub' }, { zone: 'new' }] } },
    });
    const { stdout } = await rolecallOn(world, 'plan', '--config', file);
    expect(stdout).toMatch(/^example\.net \(not created yet\)\n {2}\+ {2}web\.example\.net {2}A {2}/m);
    await world.closeCleanly();
  });

  it('says that a deploy would be refused, and why', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(75);
    const file = await fileOf({ zones: { new: { name: 'example.net' } }, roles: { web: 'new' } });
    const { stdout } = await rolecallOn(world, 'plan', '--config', file);
    expect(stdout).toContain(
      '! the deploy would be refused: zones.pub (example.com, Z0AAA) cannot leave the configuration yet',
    );
    await world.closeCleanly();
  });

  it('says what is wrong with a file, and of other commands that it is not deployed', async () => {
    const world = await worldWith({ web: 'pub' });
    const wrong = await fileOf({ zones: { pub: PUB }, roles: { web: 'pab' } });
    expect(await rolecallOn(world, 'plan', '--config', wrong)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('roles.web'),
    });
    const other = await fileOf({ zones: { pub: PUB }, roles: { web: 'pub', db: 'pub' } });
    expect((await rolecallOn(world, 'status', '--config', other)).stderr).toBe(
      `Warning: what is deployed is not ${other}; rolecall plan --config ${other} shows what would change.\n`,
    );
    const same = await fileOf({ zones: { pub: PUB }, roles: { web: 'pub' } });
    expect((await rolecallOn(world, 'status', '--config', same)).stderr).toBe('');
    await world.closeCleanly();
  });
});
