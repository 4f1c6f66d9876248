import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandName, faceOf } from '../../lib/cli/command.ts';
import { allCommands, filledIn, REFERENCE_FILE, SCHEMA_FOLDER, schemaFiles } from '../../scripts/cli-reference.ts';

const COMMANDS = await allCommands();

describe('the reference of the command line', () => {
  it('docs/reference/cli.md is fresh (npm run reference writes it)', async () => {
    const page = readFileSync(REFERENCE_FILE, 'utf8');
    expect(page).toBe(await filledIn(page));
  });

  it('schemas/ is fresh (npm run reference writes it)', async () => {
    const files = await schemaFiles();
    expect(readdirSync(SCHEMA_FOLDER).sort()).toEqual([...files.keys()].sort());
    for (const [name, content] of files) expect(readFileSync(new URL(name, SCHEMA_FOLDER), 'utf8')).toBe(content);
  });

  it.each(COMMANDS.map((command) => [commandName(command), command] as const))(
    '%s has a description and an example that begins with its name',
    (name, command) => {
      expect(command.description()).not.toBe('');
      expect(faceOf(command)?.examples[0]?.startsWith(name)).toBe(true);
    },
  );
});
