import { Command, CommanderError } from 'commander';
import { RolecallError } from '../model/errors.ts';
import { addSim, examples } from './sim.ts';
import { addStatus } from './status.ts';
import { EXIT, type Surroundings, UsageError } from './surroundings.ts';

/** Runs one command line; returns the exit code: 0 done, 1 failed, 64 not understood. */
export async function run(surroundings: Surroundings): Promise<number> {
  try {
    await createProgram(surroundings).parseAsync([...surroundings.arguments], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return isHelp(error) ? EXIT.ok : EXIT.usage;
    surroundings.stderr(`rolecall: ${messageOf(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failure;
  }
}

function createProgram(surroundings: Surroundings): Command {
  const program = new Command('rolecall')
    .description('Names and Elastic IPs follow the roles of EC2 instances.')
    .option('--json', 'print the result as JSON, for programs')
    .exitOverride()
    .configureOutput({ writeOut: surroundings.stdout, writeErr: surroundings.stderr })
    .helpCommand(false)
    .addHelpText('after', examples(['status', 'sim launch web', 'sim terminate web']));
  addStatus(program, surroundings);
  addSim(program, surroundings);
  inherit(program);
  return program;
}

/** Every subcommand reports its errors and takes --json as the program does. */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
    if (command.commands.length === 0) command.option('--json', 'print the result as JSON, for programs');
    inherit(command);
  }
}

/** Help that was asked for is a result; help instead of a command is a usage error. */
function isHelp({ code }: CommanderError): boolean {
  return code === 'commander.helpDisplayed' || code === 'commander.version';
}

function messageOf(error: unknown): string {
  if (error instanceof RolecallError || error instanceof UsageError) return error.message;
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return String(error);
}
