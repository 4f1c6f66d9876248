import type { Command } from 'commander';
import * as v from 'valibot';
import { InvalidInput, RolecallError } from '../model/errors.ts';
import type { MoveRequest } from '../model/request.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { type CommonFlags, declare, opened } from './command.ts';
import { MOVE, MOVED, type MoveResult } from './move-schema.ts';
import { printResult, type Surroundings } from './surroundings.ts';
import type { Target } from './target.ts';

interface Flags extends CommonFlags {
  readonly to: string;
  readonly address?: string;
  readonly dryRun?: boolean;
}

export function addMove(program: Command, surroundings: Surroundings): void {
  declare(program.command('move'), {
    examples: ['move mail --to i-0b2 --dry-run', 'move mail --to i-0b2', 'move mail --address 203.0.113.7 --to i-0b2'],
    result: MOVE,
  })
    .description('hand an Elastic IP of a role over to another member')
    .argument('<role>', 'a role with Elastic IPs')
    .requiredOption('--to <instance>', 'the member that is to have it')
    .option('--address <address>', 'which one, by address or allocation id, where the role has several')
    .option('--dry-run', 'only say what would happen; nothing is written')
    .action(async (role: string, flags: Flags, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const { to, address } = flags;
      const asked: MoveRequest = { kind: 'move', role, to, ...(address === undefined ? {} : { address }) };
      const planned = await previewed(target, asked);
      const data = flags.dryRun === true ? planned : await moved(target, asked, planned, surroundings);
      printResult(surroundings, { ...output, data }, moveLines);
    });
}

/** By reads alone. Throws where the move would be refused. */
async function previewed(target: Target, asked: MoveRequest): Promise<MoveResult> {
  const [{ planMove }, { admittedOnly }] = await Promise.all([
    import('../desired/move.ts'),
    import('../reconcile/role-state.ts'),
  ]);
  const { compute, registry } = await target.ports();
  const [state, addresses, [described]] = await Promise.all([
    registry.readRole(asked.role),
    compute.describeAddresses(),
    compute.describe([asked.to]),
  ]);
  const { definition: role, slots, members } = admittedOnly(state);
  const plan = planMove({ asked, role, slots, members, addresses, target: described });
  if (plan.kind === 'refuse') throw new InvalidInput(`Nothing was changed: ${plan.message}.`);
  const from = plan.kind === 'begin' ? plan.from : undefined;
  const { publicIpv4: address } = plan.slot;
  const base = { target: target.name, moved: false, role: asked.role, address, to: asked.to, steps: [] };
  return { ...base, ...(from === undefined ? {} : { from }) };
}

async function moved(
  target: Target,
  asked: MoveRequest,
  planned: MoveResult,
  surroundings: Surroundings,
): Promise<MoveResult> {
  surroundings.stderr(`Moving ${planned.address} in ${target.name}\n`);
  const { ask } = await import('../reconcile/requests.ts');
  const answer = await ask(ADDRESSES_GROUP, asked, target);
  if (answer.kind === 'unanswered') {
    throw new RolecallError('unanswered', 'There was no answer in time. The move may still be made: look again.');
  }
  const { kind, message, details } = answer.outcome;
  if (kind !== 'done') throw new RolecallError(kind, `Nothing was changed: ${message}.`);
  return { ...planned, moved: true, ...v.parse(MOVED, details) };
}

function moveLines({ target, moved: isDone, role, address, from, to, steps, totalMs }: MoveResult): string[] {
  const way = `${from ?? 'nobody'} -> ${to}`;
  if (!isDone) return [`${target} · ${role}: ${address} would move ${way}. Nothing was changed.`];
  return [
    `${target} · ${role}: ${address} moved ${way} in ${totalMs ?? 0} ms`,
    ...steps.map(({ step, ms }) => `  ${step}  ${ms} ms`),
  ];
}
