import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { commandName, faceOf } from '../lib/cli/command.ts';
import { completeProgram } from '../lib/cli/program.ts';
import { resultSchema } from './result-schema.ts';

/** Writes the commands of docs/reference/cli.md, and schemas/, from the program itself. */

export const REFERENCE_FILE = new URL('../docs/reference/cli.md', import.meta.url);
export const SCHEMA_FOLDER = new URL('../schemas/', import.meta.url);
const [BEGIN, END] = ['<!-- begin commands -->', '<!-- end commands -->'];

/** Those that do something, in the order of the help. */
export async function allCommands(): Promise<Command[]> {
  const program = await completeProgram({
    arguments: [],
    folder: '.',
    environment: {},
    stdout: () => {},
    stderr: () => {},
    clock: { now: () => 0, sleep: () => Promise.resolve() },
    random: { id: () => '' },
  });
  return leaves(program);
}

function leaves(parent: Command): Command[] {
  return parent.commands.flatMap((command) => (command.commands.length === 0 ? [command] : leaves(command)));
}

/** File name to content. */
export async function schemaFiles(): Promise<Map<string, string>> {
  return new Map(
    (await allCommands()).flatMap((command) => {
      const result = faceOf(command)?.result;
      if (result === undefined) return [];
      const name = commandName(command);
      return [[fileOf(name), `${JSON.stringify(resultSchema(name, result), null, 2)}\n`] as const];
    }),
  );
}

function fileOf(name: string): string {
  return `${name.replaceAll(' ', '-')}.json`;
}

/** The page with the block of the commands filled. */
export async function filledIn(page: string): Promise<string> {
  const [before, after] = [page.split(BEGIN)[0], page.split(END)[1]];
  if (before === undefined || after === undefined) throw new Error(`The page has no block: add ${BEGIN} and ${END}.`);
  return `${before}${BEGIN}\n\n${(await allCommands()).map(section).join('\n')}\n${END}${after}`;
}

const COMMON = ['--json', '--no-color', '--config', '--stack', '--profile', '--region'];

function section(command: Command): string {
  const name = commandName(command);
  const face = faceOf(command);
  const args = command.registeredArguments.map((argument) => {
    const dots = argument.variadic ? '...' : '';
    return argument.required ? `<${argument.name()}${dots}>` : `[${argument.name()}${dots}]`;
  });
  const options = command.options.filter(({ long, hidden }) => !hidden && !COMMON.includes(long ?? ''));
  const described = command.registeredArguments.filter(({ description }) => description !== '');
  return [
    `## \`rolecall ${[name, ...args].join(' ')}\``,
    '',
    `${sentence(command.description())}${face?.hasTarget === false ? '' : ' Takes the common options.'}`,
    '',
    '```',
    ...(face?.examples ?? []).map((example) => `rolecall ${example}`),
    '```',
    '',
    ...described.map((argument) => `- \`${argument.name()}\`: ${argument.description}`),
    ...options.map((option) => `- \`${option.flags}\`: ${option.description}${otherwise(option.defaultValue)}`),
    ...(described.length + options.length > 0 ? [''] : []),
    ...(face?.result === undefined ? [] : [`\`--json\`: [schemas/${fileOf(name)}](../../schemas/${fileOf(name)})`, '']),
  ].join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function otherwise(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? ` (when omitted: ${value})` : '';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = await schemaFiles();
  for (const old of readdirSync(SCHEMA_FOLDER)) if (!files.has(old)) rmSync(new URL(old, SCHEMA_FOLDER));
  for (const [name, content] of files) writeFileSync(new URL(name, SCHEMA_FOLDER), content);
  writeFileSync(REFERENCE_FILE, await filledIn(readFileSync(REFERENCE_FILE, 'utf8')));
}
