import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foldComputedKeys, schemaFold } from '../../scripts/bundle/schema-fold.ts';

describe('the schema fold', () => {
  it('writes a computed key as the constant behind it', () => {
    expect(foldComputedKeys('const _xN = "xmlName";\nexport var A = { [_xN]: _m };')).toBe(
      'const _xN = "xmlName";\nexport var A = { "xmlName": _m };',
    );
  });

  it('leaves a key that is no constant of the file', () => {
    expect(foldComputedKeys('export var A = { [_xN]: 1 };')).toBe('export var A = { [_xN]: 1 };');
  });

  it('leaves what only looks like one', () => {
    const source = 'const _a = "x";\nexport var A = [_a];\nexport var B = t[_a];';
    expect(foldComputedKeys(source)).toBe(source);
  });

  it('leaves the one name that means something else when it is written out', () => {
    const source = 'const _p = "__proto__";\nexport var A = { [_p]: 1 };';
    expect(foldComputedKeys(source)).toBe(source);
  });
});

describe.each(['client-dynamodb', 'client-ec2', 'client-route-53', 'client-sqs'])('the schemas of %s', (client) => {
  const entry = createRequire(import.meta.url).resolve(`@aws-sdk/${client}`);
  const schemas = join(dirname(entry), '../dist-es/schemas');

  it('have computed keys, and none is left after the fold', async () => {
    const files = (await readdir(schemas)).filter((file) => /^schemas_\d+\.js$/.test(file));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const source = await readFile(join(schemas, file), 'utf8');
      expect(source).toMatch(/\[_\w+\]:/);
      expect(foldComputedKeys(source)).not.toMatch(/\[_\w+\]:/);
    }
  });

  it('mean the same after it', async () => {
    const plain = await tablesOf(join(schemas, 'schemas_0.js'), `${client}-plain.mjs`, []);
    const folded = await tablesOf(join(schemas, 'schemas_0.js'), `${client}-folded.mjs`, [schemaFold]);
    expect(Object.keys(plain).length).toBeGreaterThan(20);
    expect(folded).toEqual(plain);
  });
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-schemas-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Every exported table as JSON, which leaves out the references that one table has to another. */
async function tablesOf(entry: string, name: string, plugins: Plugin[]): Promise<Record<string, string>> {
  const outfile = join(folder, name);
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', plugins });
  const tables = (await import(pathToFileURL(outfile).href)) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(tables)
      .filter(([table]) => table.endsWith('$'))
      .map(([table, value]) => [table, JSON.stringify(value)]),
  );
}
