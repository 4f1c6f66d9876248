import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { RolecallError } from '../model/errors.ts';
import { addAdopt, addRelease } from './adopt.ts';
import { addAddresses } from './addresses.ts';
import { addConfig } from './config.ts';
import { addDoctor } from './doctor.ts';
import { addDrain } from './drain.ts';
import { addExplain } from './explain.ts';
import { addHistory } from './history.ts';
import { addHost } from './host.ts';
import { addMembers } from './members.ts';
import { addMove } from './move.ts';
import { addNames } from './names.ts';
import { addPlan } from './plan.ts';
import { addRender } from './render.ts';
import { addSim } from './sim.ts';
import { addStatus } from './status.ts';
import { withProgress } from './progress.ts';
import { EXIT, type Surroundings, UsageError } from './surroundings.ts';
import { addSweep } from './sweep.ts';
import { lacksCredentials } from './target-address.ts';
import { addWatch } from './watch.ts';

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
    surroundings.stderr(`rolecall: ${messageOf(error)}\n`);
    if (error instanceof UsageError) return EXIT.usage;
    return lacksCredentials(error) ? EXIT.noCredentials : EXIT.failure;
  } finally {
    surroundings.progress.end();
  }
}

/** The whole command line, as help and the reference page show it. */
export function createProgram(surroundings: Surroundings, leaveWith: (code: number) => void = () => {}): Command {
  const program = new Command('rolecall')
    .description('Names and Elastic IPs follow the roles of EC2 instances.')
    .version(packageJson.version, '--version', 'print the version')
    .option('--json', 'print the result as JSON, for programs')
    .exitOverride()
    .configureOutput({ writeOut: surroundings.stdout, writeErr: surroundings.stderr })
    .helpCommand(false)
    .addHelpText(
      'before',
      'Examples:\n  $ rolecall status\n  $ rolecall sim launch web\n  $ rolecall sim terminate web\n',
    );
  addStatus(program, surroundings);
  addMembers(program, surroundings);
  addNames(program, surroundings);
  addAddresses(program, surroundings);
  addPlan(program, surroundings, leaveWith);
  addAdopt(program, surroundings);
  addRelease(program, surroundings);
  addExplain(program, surroundings);
  addHistory(program, surroundings);
  addWatch(program, surroundings);
  addSweep(program, surroundings);
  addDrain(program, surroundings, leaveWith);
  addMove(program, surroundings, leaveWith);
  addRender(program, surroundings);
  addHost(program, surroundings);
  addDoctor(program, surroundings, leaveWith);
  addConfig(program, surroundings);
  addSim(program, surroundings);
  inherit(program);
  return program;
}

/** Every subcommand reports its errors as the program does. */
function inherit(parent: Command): void {
  for (const command of parent.commands) {
    command.copyInheritedSettings(parent);
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
