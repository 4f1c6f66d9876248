import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { importsOf, readSources, type Source } from './sources.ts';

/**
 * What a folder may import besides itself. `packages`: by name, or by its beginning where that ends in `/`.
 *
 * ```
 * model ← everything;   events, config, desired, plan ← reconcile ← aws, local ← lambdas, bin, the local runner
 * ```
 */
interface Rule {
  readonly folder: string;
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

const PURE_NODE = ['node:crypto', 'node:net'];

const RULES: readonly Rule[] = [
  { folder: 'lib/model/', files: [], packages: PURE_NODE },
  { folder: 'lib/events/', files: ['lib/model/'], packages: [...PURE_NODE, 'valibot'] },
  { folder: 'lib/config/', files: ['lib/model/'], packages: [...PURE_NODE, 'valibot'] },
  { folder: 'lib/desired/', files: ['lib/model/'], packages: PURE_NODE },
  { folder: 'lib/plan/', files: ['lib/model/'], packages: PURE_NODE },
  { folder: 'lib/endpoint/', files: ['lib/model/'], packages: [...PURE_NODE, 'ipaddr.js'] },
  { folder: 'lib/render/', files: ['lib/model/'], packages: PURE_NODE },
  {
    folder: 'lib/reconcile/',
    files: ['lib/model/', 'lib/events/', 'lib/config/', 'lib/desired/', 'lib/plan/'],
    packages: PURE_NODE,
  },
  {
    folder: 'lib/aws/',
    files: ['lib/model/', 'lib/reconcile/ports.ts'],
    packages: [...PURE_NODE, '@aws-sdk/', '@smithy/'],
  },
  {
    folder: 'lib/infra/',
    files: ['lib/model/', 'lib/config/'],
    packages: ['aws-cdk-lib', 'aws-cdk-lib/', 'constructs', 'node:fs', 'node:module', 'node:path', 'node:url'],
  },
];

let sources: readonly Source[];
beforeAll(async () => {
  sources = await readSources();
});

function within(folder: string): readonly Source[] {
  return sources.filter(({ path }) => path.startsWith(folder));
}

function isFile(imported: string): boolean {
  return /^(?:bin|lib|lambdas|local|scripts|test|examples)\//.test(imported) || /^[\w.-]+\.(?:ts|json)$/.test(imported);
}

function allows(allowed: readonly string[], imported: string): boolean {
  return allowed.some((one) => (one.endsWith('/') ? imported.startsWith(one) : imported === one));
}

/** `from: what`, for each import that a rule does not allow. */
function strays({ folder, files, packages }: Rule, from: readonly Source[]): readonly string[] {
  return from.flatMap(({ path, imports }) =>
    imports
      .filter((one) => (isFile(one) ? !allows([folder, ...files], one) : !allows(packages, one)))
      .map((one) => `${path}: ${one}`),
  );
}

describe('the folders', () => {
  it.each(RULES)('$folder imports only what it may', (rule) => {
    const from = within(rule.folder);
    expect(from.length).toBeGreaterThan(0);
    expect(strays(rule, from)).toEqual([]);
  });

  it('lib/ never imports from local/, lambdas/, bin/, scripts/ or test/', () => {
    expect(within('lib/').length).toBeGreaterThan(0);
    expect(importing(within('lib/'), ['local/', 'lambdas/', 'bin/', 'scripts/', 'test/'])).toEqual([]);
  });

  it('local/ and lib/aws/ never import each other', () => {
    expect(within('local/').length).toBeGreaterThan(0);
    expect(importing(within('local/'), ['lib/aws/'])).toEqual([]);
    expect(importing(within('lib/aws/'), ['local/'])).toEqual([]);
  });

  it('what runs in Lambda imports nothing of the local account, the CDK or the command line', () => {
    expect(within('lambdas/').length).toBeGreaterThan(0);
    const forbidden = ['local/', 'lib/infra/', 'lib/cli/', 'test/', 'scripts/', 'aws-cdk-lib', 'constructs'];
    expect(importing(within('lambdas/'), forbidden)).toEqual([]);
  });

  it('nothing but tests imports from test/', () => {
    const others = sources.filter(({ path }) => !path.startsWith('test/'));
    expect(importing(others, ['test/'])).toEqual([]);
  });

  it('the pure core reads no clock, no environment and no log', () => {
    const core = RULES.slice(0, 7).flatMap(({ folder }) => within(folder));
    const impure = /\bDate\.now\(|\bnew Date\(\)|\bprocess\.|\bconsole\.|\bMath\.random\(|\bset(?:Timeout|Interval)\(/;
    expect(core.filter(({ text }) => impure.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('only lambdas/entries/ reads the environment of a Lambda', () => {
    const others = [...within('lambdas/'), ...within('lib/aws/'), ...within('lib/reconcile/')];
    const readers = others.filter(
      ({ path, text }) => !path.startsWith('lambdas/entries/') && /\bprocess\.env\b/.test(text),
    );
    expect(readers.map(({ path }) => path)).toEqual([]);
  });
});

function importing(from: readonly Source[], forbidden: readonly string[]): readonly string[] {
  return from.flatMap(({ path, imports }) =>
    imports.filter((one) => allows(forbidden, one)).map((one) => `${path}: ${one}`),
  );
}

describe('the reader of imports', () => {
  it('sees every form, and resolves files against the one that imports them', () => {
    const text = [
      "import { a } from '../model/a.ts';",
      "import type { B } from './b.ts';",
      "export * from './c.ts';",
      "import 'tsx';",
      "const d = await import('node:fs');",
      "import {\n  e,\n} from 'constructs';",
    ].join('\n');
    expect([...importsOf('lib/plan/plan.ts', text)].sort()).toEqual([
      'constructs',
      'lib/model/a.ts',
      'lib/plan/b.ts',
      'lib/plan/c.ts',
      'node:fs',
      'tsx',
    ]);
  });
});

describe('the files', () => {
  it('are named for what they hold', () => {
    const vague = /^(?:utils?|helpers?|common|misc|shared|types|constants|lib|index)(?:\.test)?\.ts$/;
    expect(sources.map(({ path }) => path).filter((path) => vague.test(basename(path)))).toEqual([]);
  });

  it('are written in lower case with hyphens', () => {
    const odd = sources.filter(({ path }) => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*\.ts$/.test(basename(path)));
    expect(odd.map(({ path }) => path)).toEqual([]);
  });

  it('have 400 lines at most', () => {
    const long = sources.filter(({ text }) => text.split('\n').length > 401);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('import other files with their suffix', () => {
    const bare = sources.flatMap(({ path, imports }) =>
      imports.filter((one) => isFile(one) && !/\.(?:ts|json)$/.test(one)).map((one) => `${path}: ${one}`),
    );
    expect(bare).toEqual([]);
  });
});

describe('the tests', () => {
  it('run all: none is skipped, and none runs alone', () => {
    const tests = within('test/').filter(({ path }) => path.endsWith('.test.ts'));
    expect(tests.length).toBeGreaterThan(0);
    const partial = /\b(?:it|test|describe)\.(?:only|skip|todo|skipIf|runIf|fails)\b|\b[xf](?:it|describe)\(/;
    expect(tests.filter(({ text }) => partial.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
