import type { Command } from 'commander';
import * as v from 'valibot';
import { declare, commandName } from './command.ts';
import { printResult, type Surroundings } from './surroundings.ts';
import { counted } from './text.ts';

const DEFAULT_FILE = 'rolecall.config.ts';

const CHECKED = v.strictObject({
  file: v.string(),
  zones: v.array(v.string()),
  roles: v.array(v.string()),
  warnings: v.array(v.string()),
});

const SCHEMA = v.strictObject({ schema: v.record(v.string(), v.unknown()) });

export function defineConfig(config: Command, surroundings: Surroundings): void {
  declare(config.command('check'), {
    hasTarget: false,
    examples: ['config check', 'config check staging.config.yaml'],
    result: CHECKED,
  })
    .description('check a configuration as a deploy would: every key, name and reference')
    .argument('[file]', 'the configuration', DEFAULT_FILE)
    .option('--config <file>', 'the same as the argument')
    .action(async (given: string, flags: { json?: boolean; config?: string }, command: Command) => {
      const [{ loadConfiguration }, { warningsOf }, path] = await Promise.all([
        import('./configuration-file.ts'),
        import('../config/warnings.ts'),
        import('node:path'),
      ]);
      const file = flags.config ?? given;
      await surroundings.readTypeScript?.();
      const configuration = await loadConfiguration(path.resolve(surroundings.folder, file));
      const data = {
        file,
        zones: Object.keys(configuration.zones).sort(),
        roles: Object.keys(configuration.roles).sort(),
        warnings: warningsOf(configuration),
      };
      printResult(surroundings, { json: isJson(command), command: commandName(command), data }, checkedLines);
    });
  declare(config.command('schema'), {
    hasTarget: false,
    examples: ['config schema > roles.schema.json'],
    result: SCHEMA,
  })
    .description("print the configuration's JSON Schema, for editors of .json and .yaml files")
    .action(async (_flags: object, command: Command) => {
      const { readFile } = await import('node:fs/promises');
      const text = await readFile(await schemaFile(), 'utf8');
      const schema: Record<string, unknown> = v.parse(SCHEMA.entries.schema, JSON.parse(text));
      printResult(surroundings, { json: isJson(command), command: commandName(command), data: { schema } }, () => [
        text.trimEnd(),
      ]);
    });
}

function checkedLines({ file, zones, roles, warnings }: v.InferOutput<typeof CHECKED>): string[] {
  const sum = `${file}: ${counted(zones.length, 'zone')}, ${counted(roles.length, 'role')}, no mistakes`;
  return [sum, ...warnings.map((warning) => `warning: ${warning}`)];
}

function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json ?? false;
}

/** At the root of the package, from the sources or from what is built of them. */
async function schemaFile(): Promise<URL> {
  const { existsSync } = await import('node:fs');
  const candidates = ['../../', '../../../../', '../../../'].map(
    (up) => new URL(`${up}roles.schema.json`, import.meta.url),
  );
  return candidates.find((url) => existsSync(url)) ?? new URL('../../roles.schema.json', import.meta.url);
}
