import type { Command } from 'commander';
import type { GenericSchema } from 'valibot';
import { type Paint, paintFor } from './colour.ts';
import type { Surroundings } from './surroundings.ts';
import { openTarget, type Target } from './target.ts';
import { DEFAULT_STACK, type TargetFlags } from './target-address.ts';

/** What help, the reference page and the published schemas say of a command. */
export interface Face {
  /** Without `rolecall`; help begins with them. */
  readonly examples: readonly string[];
  /** The `data` of its `--json`, all objects strict; published as `schemas/<command>.json`. */
  readonly result?: GenericSchema;
  /** Works on an installation, so it takes the flags that choose one. @default true */
  readonly hasTarget?: boolean;
  /** What it waits for once the target is open. @default 'reading the registry' */
  readonly waitsFor?: string;
  /** What `--config` does here. @default - a warning when what is deployed is another */
  readonly configHelp?: string;
}

const FACES = new WeakMap<Command, Face>();

export function faceOf(command: Command): Face | undefined {
  return FACES.get(command);
}

export interface CommonFlags extends TargetFlags {
  readonly json?: boolean;
  readonly config?: string;
}

/** Gives a command its examples, its schema and the flags that every command has. */
export function declare(command: Command, face: Face): Command {
  FACES.set(command, face);
  command.addHelpText('before', examples(face.examples));
  command.option('--json', 'print the result as JSON, for programs').option('--no-color', 'no colours on a terminal');
  if (face.hasTarget === false) return command;
  return command
    .option('--config <file>', face.configHelp ?? 'say so when what is deployed is not this configuration')
    .option('--stack <name>', `the stack in AWS, when it is not ${DEFAULT_STACK}`)
    .option('--profile <name>', 'the AWS profile; chooses AWS even where a local account runs')
    .option('--region <name>', 'the AWS region; chooses AWS even where a local account runs');
}

/** The command's name as it is typed, without `rolecall`. */
export function commandName(command: Command): string {
  const parent = command.parent;
  return parent?.parent ? `${commandName(parent)} ${command.name()}` : command.name();
}

/** What an action needs first: the open target, and what `printResult` asks for. */
export interface Opened {
  readonly target: Target;
  readonly json: boolean;
  readonly command: string;
  readonly paint: Paint;
}

/** Opens the target that the flags choose. */
export async function opened(surroundings: Surroundings, command: Command): Promise<Opened> {
  const flags = command.optsWithGlobals<CommonFlags>();
  surroundings.progress?.waitFor('looking for the installation');
  if (flags.config !== undefined) await surroundings.readTypeScript?.();
  const target = await openTarget(surroundings, flags);
  surroundings.progress?.waitFor(`${faceOf(command)?.waitsFor ?? 'reading the registry'} · ${target.name}`);
  if (flags.config !== undefined && faceOf(command)?.configHelp === undefined) {
    await warnOfDifference(surroundings, target, flags.config);
  }
  return { target, json: flags.json ?? false, command: commandName(command), paint: paintFor(surroundings, command) };
}

function examples(commands: readonly string[]): string {
  return `Examples:\n${commands.map((command) => `  $ rolecall ${command}`).join('\n')}\n`;
}

async function warnOfDifference({ stderr }: Surroundings, target: Target, file: string): Promise<void> {
  const { installationIn } = await import('./deployed-configuration.ts');
  const deployed = await target.registry.readInstallation();
  if (deployed === undefined || (await installationIn(file, deployed)).version === deployed.version) return;
  stderr(`Warning: what is deployed is not ${file}; rolecall plan --config ${file} shows what would change.\n`);
}
