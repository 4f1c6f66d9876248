import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

export interface Source {
  /** From the root of the project, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const FOLDERS = ['bin', 'lib', 'lambdas', 'local', 'scripts', 'test', 'examples'];

/** Every TypeScript file of the project, with what it imports: other files by path, packages by name. */
export async function readSources(): Promise<readonly Source[]> {
  const paths = (await Promise.all(FOLDERS.map(filesIn))).flat().filter((path) => path.endsWith('.ts'));
  return Promise.all(
    paths.sort().map(async (path) => {
      const text = await readFile(path, 'utf8');
      return { path, text, imports: importsOf(path, text) };
    }),
  );
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'));
}

/** Each form of import, where it can stand: not within a string or a template. */
const SPECIFIERS = [
  /^import\s+[^;'"()]*?\bfrom\s*'([^'\n]+)'/gm,
  /^export\s+(?:type\s+)?(?:\*[^;'"]*?|\{[^}]*\}\s*)\bfrom\s*'([^'\n]+)'/gm,
  /^import\s*'([^'\n]+)'/gm,
  /(?<!["'`])\bimport\(\s*'([^'\n]+)'/gm,
];

export function importsOf(path: string, text: string): readonly string[] {
  const specifiers = SPECIFIERS.flatMap((form) => [...text.matchAll(form)].flatMap(([, specifier]) => specifier ?? []));
  return specifiers.map((one) =>
    one.startsWith('.') ? normalize(join(dirname(path), one)).replaceAll('\\', '/') : one,
  );
}
