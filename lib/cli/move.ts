import type { Command } from 'commander';
import * as v from 'valibot';
import { InvalidInput, RolecallError } from '../model/errors.ts';
import type { MoveRequest } from '../model/request.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { type CommonFlags, declare, opened } from './command.ts';
import { type FollowedDns, MOVE, MOVED, type MoveResult } from './move-schema.ts';
import { EXIT, printResult, type Surroundings } from './surroundings.ts';
import type { Target } from './target.ts';
import { columns } from './text.ts';

interface Flags extends CommonFlags {
  readonly to: string;
  readonly address?: string;
  readonly dryRun?: boolean;
  readonly wait: boolean;
}

export function defineMove(move: Command, surroundings: Surroundings, leaveWith: (code: number) => void): void {
  declare(move, {
    examples: ['move mail --to i-0b2 --dry-run', 'move mail --to i-0b2', 'move mail --address 203.0.113.7 --to i-0b2'],
    result: MOVE,
  })
    .argument('<role>', 'a role with Elastic IPs')
    .requiredOption('--to <instance>', 'the member that is to have it')
    .option('--address <address>', 'which one, by address or allocation id, where the role has several')
    .option('--dry-run', 'only say what would happen; nothing is written')
    .option('--no-wait', "do not wait for names on the instances' own addresses")
    .action(async (role: string, flags: Flags, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const { to, address } = flags;
      const asked: MoveRequest = { kind: 'move', role, to, ...(address === undefined ? {} : { address }) };
      const planned = await previewed(target, asked);
      const data =
        flags.dryRun === true
          ? { ...planned, follows: await followers(planned, target) }
          : await moved(target, asked, planned, flags.wait, surroundings);
      if (data.dns?.outcome === 'unfinished') leaveWith(EXIT.failure);
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

async function followers({ role, address, from, to }: MoveResult, target: Target): Promise<string[]> {
  const { namesThatFollow } = await import('./move-follow.ts');
  return await namesThatFollow({ role, address, to, from }, target);
}

async function moved(
  target: Target,
  asked: MoveRequest,
  planned: MoveResult,
  isWaitedFor: boolean,
  surroundings: Surroundings,
): Promise<MoveResult> {
  surroundings.stderr(`Moving ${planned.address} in ${target.name}\n`);
  const [{ ask }, { followMove, readEnd }] = await Promise.all([
    import('../reconcile/requests.ts'),
    import('./move-follow.ts'),
  ]);
  const before = {
    to: await readEnd(asked.to, target),
    from: planned.from === undefined ? undefined : await readEnd(planned.from, target),
  };
  surroundings.progress?.waitFor('waiting until the address has moved');
  const answer = await ask(ADDRESSES_GROUP, asked, target);
  if (answer.kind === 'unanswered') {
    throw new RolecallError('unanswered', 'There was no answer in time. The move may still be made: look again.');
  }
  const { kind, message, details } = answer.outcome;
  if (kind !== 'done') throw new RolecallError(kind, `Nothing was changed: ${message}.`);
  const done = { ...planned, moved: true, ...v.parse(MOVED, details) };
  if (!isWaitedFor) return { ...done, dns: { outcome: 'not-waited', names: [], steps: [], totalMs: 0 } };
  surroundings.progress?.waitFor("waiting until the names on the instances' own addresses are right");
  const { dns } = await target.ports();
  return { ...done, dns: await followMove(planned.address, before, { ...target, dns }) };
}

function moveLines(result: MoveResult): string[] {
  const { target, moved: isDone, role, address, from, to, steps, totalMs, follows = [], dns } = result;
  const way = `${from ?? 'nobody'} -> ${to}`;
  if (!isDone) {
    return [
      `${target} · ${role}: ${address} would move ${way}. Nothing was changed.`,
      follows.length === 0 ? 'no other name would change' : `${follows.join(', ')} would follow`,
    ];
  }
  return [
    `${target} · ${role}: ${address} moved ${way} in ${totalMs ?? 0} ms`,
    ...stepLines(steps),
    ...(dns === undefined ? [] : dnsLines(dns)),
  ];
}

function dnsLines({ outcome, names, steps, totalMs }: FollowedDns): string[] {
  switch (outcome) {
    case 'unchanged':
      return ['no other name changes'];
    case 'not-waited':
      return [];
    case 'followed':
      return [`${names.join(', ')} followed in ${totalMs} ms`, ...stepLines(steps)];
    case 'unfinished':
      return [
        `DNS has not followed after ${totalMs} ms; rolecall status shows what is still to do`,
        ...stepLines(steps),
      ];
  }
}

function stepLines(steps: MoveResult['steps']): string[] {
  return columns(steps.map(({ step, ms }) => [step, `${ms} ms`]));
}
