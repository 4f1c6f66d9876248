import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { change, FLEET_ACTIONS, type FleetAction, type FleetInstance, launch, select, tag } from './fleet.ts';
import { declare } from './command.ts';
import { askLocalAccount, localAccount, localEc2 } from './local-target.ts';
import { addScaleIn } from './sim-scale-in.ts';
import { FAILING, FLEET, NOTHING, TAGGED, THROTTLING } from './sim-schema.ts';
import { addSettle } from './sim-settle.ts';
import { printResult, type Surroundings, UsageError } from './surroundings.ts';

const FAULT_EFFECTS = ['throttle', 'error-before', 'error-after', 'timeout-before', 'timeout-after', 'delay'];
const MAX_COUNT = 1000;

/** Makes things happen in the local account. */
export function defineSim(sim: Command, surroundings: Surroundings): void {
  addLaunch(sim, surroundings);
  addAction(sim, surroundings, 'stop', 'stop a running instance');
  addAction(sim, surroundings, 'start', 'start a stopped instance');
  addAction(sim, surroundings, 'terminate', 'terminate an instance');
  addSpotWarning(sim, surroundings);
  addTag(sim, surroundings);
  addFail(sim, surroundings);
  addThrottling(sim, surroundings);
  addResetFaults(sim, surroundings);
  addScaleIn(sim, surroundings);
  addSettle(sim, surroundings);
  addDeleteStack(sim, surroundings);
}

interface LaunchFlags {
  readonly count: number;
  readonly az?: string;
  readonly public: boolean;
}

function addLaunch(sim: Command, surroundings: Surroundings): void {
  declare(sim.command('launch'), {
    hasTarget: false,
    examples: ['sim launch web --count 2', 'sim launch web cache --az us-east-1b'],
    result: FLEET,
  })
    .description('launch an instance that holds the role, or several roles')
    .argument('<role...>')
    .option('--count <n>', 'how many instances', positiveInteger, 1)
    .option('--az <zone>', 'availability zone, as in us-east-1b')
    .option('--no-public', 'without a public address')
    .action(async (roles: string[], flags: LaunchFlags, command: Command) => {
      const ec2 = await localEc2(await localAccount(surroundings));
      const instances = await launch(ec2, roles, {
        count: flags.count,
        withPublicAddress: flags.public,
        ...(flags.az === undefined ? {} : { availabilityZone: flags.az }),
      });
      print(surroundings, command, { instances });
    });
}

function addAction(sim: Command, surroundings: Surroundings, action: FleetAction, description: string): void {
  const { from, to } = FLEET_ACTIONS[action];
  declare(sim.command(action), {
    hasTarget: false,
    examples: [`sim ${action} web`, `sim ${action} web --all`, `sim ${action} i-0123456789abcdef0`],
    result: FLEET,
  })
    .description(`${description}: a role's newest member, or the one named`)
    .argument('<role|instance>')
    .option('--all', 'every member of the role', false)
    .action(async (target: string, flags: { all: boolean }, command: Command) => {
      const ec2 = await localEc2(await localAccount(surroundings));
      const selected = await select(ec2, target, from, flags.all);
      await change(
        ec2,
        action,
        selected.map(({ instanceId }) => instanceId),
      );
      print(surroundings, command, { instances: selected.map((instance) => ({ ...instance, state: to })) });
    });
}

function addSpotWarning(sim: Command, surroundings: Surroundings): void {
  declare(sim.command('spot-warning'), { hasTarget: false, examples: ['sim spot-warning web'], result: FLEET })
    .description('announce that a spot instance is interrupted in two minutes')
    .argument('<role|instance>')
    .action(async (target: string, _flags: object, command: Command) => {
      const account = await localAccount(surroundings);
      const [instance] = await select(await localEc2(account), target, ['running'], false);
      await askLocalAccount(account, 'spot-warning', { instanceId: instance.instanceId });
      print(surroundings, command, { instances: [instance] });
    });
}

function addTag(sim: Command, surroundings: Surroundings): void {
  declare(sim.command('tag'), {
    hasTarget: false,
    examples: ['sim tag i-0123456789abcdef0 rolecall:role=web', 'sim tag web rolecall:role='],
    result: TAGGED,
  })
    .description('set tags of an instance; an empty value takes a role away')
    .argument('<role|instance>')
    .argument('<key=value...>')
    .action(async (target: string, pairs: string[], _flags: object, command: Command) => {
      const tags = Object.fromEntries(pairs.map(keyAndValue));
      const ec2 = await localEc2(await localAccount(surroundings));
      const [{ instanceId }] = await select(ec2, target, ['pending', 'running', 'stopping', 'stopped'], false);
      await tag(ec2, instanceId, tags);
      printResult(surroundings, result(command, { instanceId, tags }), (data) => [
        `${data.instanceId}  ${pairs.join('  ')}`,
      ]);
    });
}

const EXAMPLES: Readonly<Record<string, string>> = {
  ec2: 'DescribeInstances',
  route53: 'ChangeResourceRecordSets',
  dynamodb: 'TransactWriteItems',
  sqs: 'SendMessageBatch',
  monitoring: 'DescribeAlarms',
};
const FAULTY_SERVICES: readonly string[] = Object.keys(EXAMPLES);

interface FailFlags {
  readonly all: boolean;
  readonly effect: string;
  readonly times?: number;
  readonly milliseconds?: number;
}

function addFail(sim: Command, surroundings: Surroundings): void {
  declare(sim.command('fail'), {
    hasTarget: false,
    examples: ['sim fail route53 ChangeResourceRecordSets --effect throttle --times 3', 'sim fail web'],
    result: FAILING,
  })
    .description(
      'let calls of an AWS operation go wrong from now on; or, without an operation, let the status checks of an instance find it impaired',
    )
    .argument(
      '<service|role|instance>',
      `${FAULTY_SERVICES.join(', ')}; or a role, for its newest member, or an instance`,
    )
    .argument('[operation]', 'as in ChangeResourceRecordSets')
    .addOption(new Option('--effect <effect>', 'what goes wrong').choices(FAULT_EFFECTS).default('throttle'))
    .option('--times <n>', 'how many calls; without it every call until sim reset-faults', positiveInteger)
    .option('--milliseconds <n>', 'how late, for a delay or a time-out', positiveInteger)
    .option('--all', 'every member of the role', false)
    .action(async (what: string, operation: string | undefined, flags: FailFlags, command: Command) => {
      if (operation === undefined) await failStatusChecks(what, flags.all, command, surroundings);
      else await failCalls(what, operation, flags, command, surroundings);
    });
}

async function failStatusChecks(
  target: string,
  isForAll: boolean,
  command: Command,
  surroundings: Surroundings,
): Promise<void> {
  if (FAULTY_SERVICES.includes(target)) {
    throw new UsageError(`${target} is a service: name an operation too, as in sim fail ${target} ${EXAMPLES[target]}`);
  }
  const account = await localAccount(surroundings);
  const selected = await select(await localEc2(account), target, ['running'], isForAll);
  await askLocalAccount(account, 'status-checks', { instanceIds: selected.map(({ instanceId }) => instanceId) });
  const instances = selected.map((instance) => ({ ...instance, statusChecks: 'impaired' as const }));
  printResult(surroundings, result(command, { instances }), (data) =>
    data.instances.map(({ instanceId }) => `${instanceId}: status checks impaired, until sim reset-faults`),
  );
}

async function failCalls(
  service: string,
  operation: string,
  { effect, times, milliseconds }: FailFlags,
  command: Command,
  surroundings: Surroundings,
): Promise<void> {
  const fault = {
    service,
    operation,
    effect,
    ...(times === undefined ? {} : { times }),
    ...(milliseconds === undefined ? {} : { milliseconds }),
  };
  await askLocalAccount(await localAccount(surroundings), 'faults', fault);
  const howOften = times === undefined ? 'until sim reset-faults' : times === 1 ? 'once' : `${times} times`;
  printResult(surroundings, result(command, { fault }), () => [`${service} ${operation}: ${effect}, ${howOften}`]);
}

function addThrottling(sim: Command, surroundings: Surroundings): void {
  declare(sim.command('throttling'), {
    hasTarget: false,
    examples: ['sim throttling on', 'sim throttling off'],
    result: THROTTLING,
  })
    .description(
      'let Route 53 and EC2 throttle at their real limits: 10 requests and 100 changes a second, after a burst of 50 and 1,500; EC2 5 of each call that changes something, after 50',
    )
    .addArgument(new Argument('<state>', 'whether it does').choices(['on', 'off']))
    .action(async (state: 'on' | 'off', _flags: object, command: Command) => {
      await askLocalAccount(await localAccount(surroundings), 'throttling', { on: state === 'on' });
      printResult(surroundings, result(command, { throttling: state }), () => [
        `throttling at the limits of Route 53 and EC2: ${state}`,
      ]);
    });
}

function addResetFaults(sim: Command, surroundings: Surroundings): void {
  declare(sim.command('reset-faults'), { hasTarget: false, examples: ['sim reset-faults'], result: NOTHING })
    .description('end all that sim fail began')
    .action(async (_flags: object, command: Command) => {
      await askLocalAccount(await localAccount(surroundings), 'reset-faults');
      printResult(surroundings, result(command, {}), () => ['no faults']);
    });
}

function addDeleteStack(sim: Command, surroundings: Surroundings): void {
  declare(sim.command('delete-stack'), { hasTarget: false, examples: ['sim delete-stack'], result: NOTHING })
    .description('delete the stack, as a user of CloudFormation would: its records go, the instances stay')
    .action(async (_flags: object, command: Command) => {
      await askLocalAccount(await localAccount(surroundings), 'delete-stack');
      printResult(surroundings, result(command, {}), () => ['the stack is deleted']);
    });
}

function print(
  surroundings: Surroundings,
  command: Command,
  data: { readonly instances: readonly FleetInstance[] },
): void {
  printResult(surroundings, result(command, data), ({ instances }) =>
    instances.map(({ instanceId, roles, state, privateIpv4 = '', publicIpv4 = '' }) =>
      [instanceId, state.padEnd(13), roles.join(' ').padEnd(8), privateIpv4.padEnd(13), publicIpv4]
        .join('  ')
        .trimEnd(),
    ),
  );
}

function result<Data>(command: Command, data: Data) {
  const { json = false } = command.optsWithGlobals<{ json?: boolean }>();
  return { json, command: `sim ${command.name()}`, data };
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= MAX_COUNT) return value;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${MAX_COUNT}.`);
}

function keyAndValue(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new UsageError(`"${pair}" is no tag: write key=value, as in rolecall:role=web`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}
