import * as v from 'valibot';
import { commandName, faceOf } from '../../lib/cli/command.ts';
import { allCommands } from '../../scripts/cli-reference.ts';
import type { Outcome } from './cli.ts';

const COMMANDS = await allCommands();
const ENVELOPE = v.strictObject({ schemaVersion: v.literal(1), command: v.string(), data: v.unknown() });

/** The `data` of a command's `--json`, held against the schema that the command publishes. */
export function validated({ code, stdout, stderr }: Outcome): unknown {
  if (stdout === '') throw new Error(`exit code ${code}, nothing printed: ${stderr}`);
  const { command, data } = v.parse(ENVELOPE, JSON.parse(stdout));
  const declared = COMMANDS.find((each) => commandName(each) === command);
  const schema = declared === undefined ? undefined : faceOf(declared)?.result;
  if (schema === undefined) throw new Error(`rolecall ${command} publishes no schema`);
  return v.parse(schema, data);
}
