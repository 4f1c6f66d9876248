import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { validated } from '../cli/validated.ts';
import { type Finished, RunningAccount } from '../end-to-end/running-account.ts';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

const APP = `
import { App, Stack } from 'aws-cdk-lib';
import { defineRoles } from 'rolecall';
import { Rolecall } from 'rolecall/cdk';

const configuration = defineRoles({
  zones: { pub: { name: 'example.com', id: 'Z0123456789ABCDEFGHIJ' } },
  roles: { web: { names: [{ zone: 'pub', ttl: '30s' }] } },
});
const app = new App();
const stack = new Stack(app, 'Mine');
new Rolecall(stack, 'Names', { configuration });
const { template } = app.synth().getStackByName('Mine');
const types = Object.values(template.Resources).map((resource: any) => resource.Type);
console.log(types.filter((type) => type === 'AWS::Lambda::Function').length, types.includes('AWS::DynamoDB::Table'));
`;

let account: RunningAccount;

beforeAll(async () => {
  account = await RunningAccount.start('--demo', 'none');
  await writeFile(join(account.folder, 'package.json'), '{ "name": "mine", "private": true, "type": "module" }');
  await install(account.folder);
}, 600_000);

afterAll(async () => {
  await account.stop();
});

/** As npm would, but without a registry: the package itself from its tarball, what it depends on from this checkout. */
async function install(folder: string): Promise<void> {
  const packed = await mkdtemp(join(tmpdir(), 'rolecall-pack-'));
  await execute('npm', ['pack', '--silent', '--pack-destination', packed], { cwd: ROOT });
  const [tarball = ''] = await readdir(packed);
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '.bin'), { recursive: true });
  await mkdir(join(modules, 'rolecall'));
  await execute('tar', ['-xzf', join(packed, tarball), '--strip-components=1', '-C', join(modules, 'rolecall')]);
  await rm(packed, { recursive: true });
  const names = [...Object.keys(packageJson.dependencies), ...Object.keys(packageJson.peerDependencies)];
  for (const name of names) {
    await mkdir(join(modules, name, '..'), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), join(modules, name));
  }
  await symlink(join('..', 'rolecall', packageJson.bin.rolecall), join(modules, '.bin', 'rolecall'));
}

/** A program in the folder that has the package, with nothing of what npm and vitest tell their children. */
async function inFolder(program: string, ...args: string[]): Promise<Finished> {
  const { NODE_OPTIONS: _options, VITEST: _vitest, ...env } = process.env;
  try {
    const { stdout, stderr } = await execute(program, args, { cwd: account.folder, env });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = Object(error) as Finished;
    return { code, stdout, stderr };
  }
}

async function rolecall(...args: string[]): Promise<Finished> {
  return await inFolder('npx', '--no', '--', 'rolecall', ...args);
}

describe('the packed package, installed in a folder of its own', () => {
  it('holds what runs, and no sources', async () => {
    const folder = join(account.folder, 'node_modules/rolecall');
    const whole = ['LICENSE', 'README.md', 'bin', 'dist', 'package.json', 'roles.schema.json', 'schemas'];
    expect((await readdir(folder)).sort()).toEqual(whole);
    expect(await readdir(join(folder, 'bin'))).toEqual(['rolecall.cjs']);
    expect((await readdir(join(folder, 'dist'))).sort()).toEqual(['cli', 'js', 'lambdas']);
  });

  it('has the command rolecall: help, version, and a suggestion for a typo', async () => {
    expect(await rolecall('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Examples:\n {2}\$ rolecall status\n/),
    });
    expect(await rolecall('--version')).toMatchObject({ code: 0, stdout: `${packageJson.version}\n` });
    expect(await rolecall('statsu')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('(Did you mean status?)'),
    });
  });

  it.each([
    [64, 'sim launch web --count 0', /^rolecall: option '--count <n>' argument '0' is invalid/m],
    [64, 'drain x', /^rolecall: "x" is no instance id/m],
    [1, 'sim terminate nobody', /^rolecall: "nobody" is neither a role that an instance holds nor an instance id/m],
  ])('exits with %i at %s, and says why', async (code, line, message) => {
    expect(await rolecall(...line.split(' '))).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
  });

  it('checks a configuration in TypeScript that imports the package', async () => {
    const text = `import { defineRoles } from 'rolecall';
export default defineRoles({ zones: { pub: { name: 'example.com', id: 'Z0AAA' } }, roles: { web: 'pub' } });\n`;
    await writeFile(join(account.folder, 'rolecall.config.ts'), text);
    expect(await rolecall('config', 'check')).toMatchObject({
      code: 0,
      stdout: 'rolecall.config.ts: 1 zone, 1 role, no mistakes\n',
    });
    await writeFile(join(account.folder, 'wrong.config.ts'), text.replace("'pub' }", "'pbu' }"));
    expect(await rolecall('config', 'check', 'wrong.config.ts')).toMatchObject({ code: 1 });
    expect(JSON.parse((await rolecall('config', 'schema')).stdout)).toMatchObject({ type: 'object' });
  });

  it('finds the local account of the folder, and works on it', async () => {
    expect((await rolecall('sim', 'launch', 'web')).code).toBe(0);
    expect((await rolecall('sim', 'settle')).code).toBe(0);
    const status = await rolecall('status', '--json');
    expect(validated({ ...status, code: status.code ?? -1 })).toMatchObject({
      roles: expect.arrayContaining([expect.objectContaining({ role: 'web', members: [expect.anything()] })]),
    });
    expect((await rolecall('doctor')).stdout).toMatch(/^ {2}ok +EC2 +instances can be read: 1 carry the role tag$/m);
    expect(await account.lookUp('web.example.com')).toHaveLength(1);
  });

  it('gives a CDK app the construct, with its Lambdas', async () => {
    await writeFile(join(account.folder, 'app.ts'), APP);
    expect(await inFolder(process.execPath, '--import', import.meta.resolve('tsx'), 'app.ts')).toEqual({
      code: 0,
      stdout: '4 true\n',
      stderr: '',
    });
  });

  it('gives it types: a zone that there is not is an error, and what is right is none', async () => {
    await writeFile(join(account.folder, 'right.ts'), APP);
    await writeFile(join(account.folder, 'wrong.ts'), APP.replace("zone: 'pub'", "zone: 'pbu'"));
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--module', 'nodenext'];
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
    const { code, stdout } = await inFolder(process.execPath, TSC, ...flags, ...types, 'right.ts', 'wrong.ts');
    expect(code).not.toBe(0);
    expect(stdout).toContain(`Type '"pbu"' is not assignable to type '"pub"'`);
    expect(stdout.match(/^\S+\.ts/gm)).toEqual(['wrong.ts']);
  });
});
