import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-app-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs the app as the CDK's command line does: context and output folder come in the environment. */
async function runApp(
  context: Record<string, string>,
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], CDK_CONTEXT_JSON: JSON.stringify(context), CDK_OUTDIR: join(folder, 'out') },
  });
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve));
  const stderr = await text(child.stderr);
  return { code: await exited, stderr };
}

async function configurationFile(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('the CDK app', () => {
  it('synthesizes the named configuration into a stack of the given name, without credentials', async () => {
    const config = await configurationFile('good.yaml', 'zones: { pub: { name: example.com } }\nroles: { web: pub }\n');
    expect(await runApp({ config, stack: 'Names' })).toMatchObject({ code: 0 });
    const template = await readFile(join(folder, 'out', 'Names.template.json'), 'utf8');
    expect(Object.keys((JSON.parse(template) as { Outputs: object }).Outputs).sort()).toEqual([
      'EventsQueue',
      'LaterQueue',
      'RegistryTable',
      'WorkQueue',
    ]);
  });

  it('warns of a long TTL on addresses that may become a stranger’s', async () => {
    const config = await configurationFile(
      'warned.json',
      '{ "zones": { "pub": { "name": "example.com" } }, "roles": { "web": { "names": [{ "zone": "pub", "ttl": "5m" }] } } }',
    );
    const { code, stderr } = await runApp({ config });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Warning: roles\.web\.names\[0\] .*300 s/m);
  });

  it('refuses a wrong configuration with its path and value, and no stack trace', async () => {
    const config = await configurationFile(
      'wrong.json',
      '{ "zones": { "pub": { "name": "example.com" } }, "roles": { "web": "pbu" } }',
    );
    const { code, stderr } = await runApp({ config });
    expect(code).toBe(1);
    expect(stderr).toContain('wrong.json');
    expect(stderr).toContain('roles.web "pbu"');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('refuses a file that is not there by its name', async () => {
    const { code, stderr } = await runApp({ config: join(folder, 'absent.json') });
    expect(code).toBe(1);
    expect(stderr).toContain('absent.json');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
