import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadConfiguration } from '../../lib/cli/configuration-file.ts';
import { ConfigurationError } from '../../lib/config/schema.ts';
import { InvalidInput } from '../../lib/model/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'rolecall-configuration-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MEANING = { zones: { pub: { name: 'example.com' } }, roles: { web: { names: [{ zone: 'pub', ttl: '30s' }] } } };
const JSON_TEXT = JSON.stringify(MEANING);
const YAML_TEXT = `
zones:
  pub: { name: example.com }
roles:
  web:
    names:
      - zone: pub
        ttl: 30s
`;

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function refusal(path: string): Promise<Error> {
  const error = await loadConfiguration(path).catch((thrown: unknown) => thrown);
  if (error instanceof Error) return error;
  throw new Error(`${path} was not refused`);
}

describe('loadConfiguration', () => {
  test.each([
    ['typed.ts', `const zone: string = 'pub'; export default { ...${JSON_TEXT} };`],
    ['typed.mts', `export default ${JSON_TEXT};`],
    ['plain.js', `export default ${JSON_TEXT};`],
    ['wrapped.mjs', `export default { __esModule: true, default: ${JSON_TEXT} };`],
    ['plain.json', JSON_TEXT],
    ['plain.yaml', YAML_TEXT],
    ['plain.yml', YAML_TEXT],
  ])('reads %s', async (name, content) => {
    expect(await loadConfiguration(file(name, content))).toEqual(MEANING);
  });

  test('refuses a missing file, of each kind, and says what to do', async () => {
    for (const name of ['none.ts', 'none.json', 'none.yaml']) {
      const error = await refusal(join(folder, name));
      expect(error).toBeInstanceOf(InvalidInput);
      expect(error.message).toBe(
        `There is no configuration file ${join(folder, name)}: create it, or name another with -c config=PATH or --config PATH.`,
      );
    }
  });

  test('refuses an unknown suffix', async () => {
    const path = file('roles.toml', '');
    expect((await refusal(path)).message).toBe(
      `${path} is no configuration file: its name must end in .ts, .mts, .js, .mjs, .json, .yaml, .yml.`,
    );
  });

  test('refuses a module without a default export', async () => {
    const path = file('named.mjs', `export const configuration = ${JSON_TEXT};`);
    expect((await refusal(path)).message).toBe(
      `${path} has no default export: write export default defineRoles({ … }).`,
    );
  });

  test('refuses a module that throws, with what it says', async () => {
    const path = file('throwing.mjs', "throw new Error('ZONE_ID is not set');");
    expect((await refusal(path)).message).toBe(`${path} cannot be loaded: ZONE_ID is not set`);
  });

  test('refuses bad JSON', async () => {
    const path = file('bad.json', '{ "zones": }');
    expect((await refusal(path)).message).toMatch(/bad\.json is not valid JSON: Unexpected token/);
  });

  test('refuses bad YAML, with the line', async () => {
    const path = file('bad.yaml', 'zones:\n  pub: { name: example.com\nroles: {}\n');
    expect((await refusal(path)).message).toMatch(/bad\.yaml is not valid YAML: line 3, column 1: /);
  });

  test('refuses a role that YAML gives twice', async () => {
    const path = file('twice.yaml', 'zones: { pub: { name: example.com } }\nroles:\n  web: pub\n  web: int\n');
    expect((await refusal(path)).message).toMatch(
      /twice\.yaml is not valid YAML: line 4, column 3: Map keys must be unique/,
    );
  });

  test('names the file when its content is wrong', async () => {
    const path = file(
      'wrong.json',
      JSON.stringify({ zones: { pub: { name: 'example.com' } }, roles: { web: 'pubb' } }),
    );
    const error = await refusal(path);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toBe(`${path} has a problem:\n  roles.web "pubb" is no key of zones; did you mean "pub"?`);
  });
});
