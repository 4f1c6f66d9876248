import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { COMMANDS, type Define } from './commands.ts';
import { withProgress } from './progress.ts';
import { EXIT, type Surroundings } from './surroundings.ts';

/** Runs one command line; returns the exit code, see `EXIT`. */
export async function run(given: Surroundings): Promise<number> {
  const surroundings = withProgress(given);
  let code: number = EXIT.ok;
  const leaveWith = (wanted: number) => {
    code = wanted;
  };
  try {
    await createProgram(surroundings, leaveWith).parseAsync([...surroundings.arguments], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return isHelp(error) ? EXIT.ok : EXIT.usage;
    const { failureOf } = await import('./failure.ts');
    const failure = failureOf(error);
    surroundings.stderr(`rolecall: ${failure.message}\n`);
    return failure.exitCode;
  } finally {
    surroundings.progress.end();
  }
}

/** The command line with all its commands, as the reference page shows them. */
export async function completeProgram(surroundings: Surroundings): Promise<Command> {
  const program = createProgram(surroundings, () => {});
  for (const { name, load } of COMMANDS) {
    const command = program.commands.find((each) => each.name() === name);
    if (command !== undefined) (await load())(command, surroundings, () => {});
  }
  return program;
}

/** Of each command the name and what it does; the one that is asked for is defined before its arguments are read. */
function createProgram(surroundings: Surroundings, leaveWith: Parameters<Define>[2]): Command {
  const program = new Command('rolecall')
    .description('Names and Elastic IPs follow the roles of EC2 instances.')
    .version(packageJson.version, '--version', 'print the version')
    .option('--json', 'print the result as JSON, for programs')
    .exitOverride()
    .configureOutput({
      writeOut: surroundings.stdout,
      writeErr: surroundings.stderr,
      outputError: (text, write) => write(text.replace(/^error: /, 'rolecall: ')),
    })
    .helpCommand(false)
    .addHelpText(
      'before',
      'Examples:\n  $ rolecall status\n  $ rolecall sim launch web\n  $ rolecall sim terminate web\n',
    )
    .addHelpText('after', '\nrolecall <command> --help says what a command takes, with examples.')
    .hook('preSubcommand', async (_program, command) => {
      surroundings.progress?.waitFor('starting');
      const define = await COMMANDS.find(({ name }) => name === command.name())?.load();
      define?.(command, surroundings, leaveWith);
    })
    .hook('preAction', () => surroundings.progress?.end());
  for (const { name, description } of COMMANDS) program.command(name).description(description).helpCommand(false);
  // What a command takes is not known before it is defined.
  return program.configureHelp({ subcommandTerm: (command) => command.name() });
}

/** Help that was asked for is a result; help instead of a command is a usage error. */
function isHelp({ code }: CommanderError): boolean {
  return code === 'commander.helpDisplayed' || code === 'commander.version';
}
