import { proseOf } from '../plan/render.ts';
import { type Paint, paintMarks, plain, type Tone } from './colour.ts';
import type { PlannedChange, PlanResult } from './plan-schema.ts';
import { columns, counted } from './text.ts';

const SIGNS = { create: '+', update: '~', delete: '-' } as const;
const TONES: Readonly<Record<string, Tone>> = { '+': 'good', '~': 'change', '-': 'bad', '>': 'change', '!': 'bad' };
const LEGEND = '+ create   ~ change: new (was old)   - delete   > Elastic IP   ! withheld';

/** The plan for people: legend, a line a change, what is withheld and why, and the sum. */
export function planLines(plan: PlanResult, paint: Paint = plain): string[] {
  return paintMarks(linesOf(plan), TONES, paint);
}

function linesOf(plan: PlanResult): string[] {
  const { create, update, delete: deleted, addresses, withheld } = plan.summary;
  const isEmpty = create + update + deleted + addresses === 0;
  const what =
    plan.configuration === undefined ? 'reconcile would do now' : `a deploy of ${plan.configuration} would do`;
  return [
    `${plan.target} · what ${what}`,
    ...(plan.refusal === undefined ? [] : [`! the deploy would be refused: ${plan.refusal}`]),
    ...(isEmpty && withheld === 0 ? [] : [LEGEND]),
    ...plan.zones.flatMap((zone) =>
      zone.changes.length + zone.withheld.length === 0
        ? []
        : [
            '',
            `${zone.zone} (${zone.id})`,
            ...columns([...zone.changes.map(changeRow), ...zone.withheld.map(withheldRow)]),
          ],
    ),
    ...(plan.addresses.length === 0 ? [] : ['', 'addresses', ...columns(plan.addresses.map(moveRow))]),
    '',
    isEmpty
      ? `No changes${withheld === 0 ? '' : `; ${withheld} withheld`}.`
      : `${create} to create, ${update} to change, ${deleted} to delete, ${counted(addresses, 'address', 'addresses')} to move; ${withheld} withheld.`,
  ];
}

function changeRow({ action, name, type, setIdentifier, before, after, reason, instances }: PlannedChange): string[] {
  const place = setIdentifier === undefined ? name : `${name} (${setIdentifier})`;
  const why = [instances.join(', '), proseOf(reason)].filter((part) => part !== '').join(' ');
  return [SIGNS[action], place, type, values(before, after), why];
}

function values(before: PlannedChange['before'], after: PlannedChange['after']): string {
  const [was, is] = [before?.values.join(', ') ?? '', after?.values.join(', ') ?? ''];
  if (after === undefined) return was;
  if (before === undefined) return `${is}  ttl ${after.ttlSeconds}`;
  const ttl = before.ttlSeconds === after.ttlSeconds ? '' : `  ttl ${after.ttlSeconds} (was ${before.ttlSeconds})`;
  return was === is ? `${is}${ttl}` : `${is} (was ${was})${ttl}`;
}

function withheldRow({ name, type, reason, instanceId, detail }: PlanResult['zones'][number]['withheld'][number]) {
  const prose = detail ?? proseOf(reason);
  const who = instanceId === undefined || prose.includes(instanceId) ? '' : ` · ${instanceId}`;
  return ['!', name, type, `withheld (${reason})`, `${prose}${who}`];
}

function moveRow({ action, role, address, from, to, detail }: PlanResult['addresses'][number]): string[] {
  const isDone = action === 'associate' || action === 'move';
  return [isDone ? '>' : '!', address, role, from === undefined ? to : `${from} -> ${to}`, detail ?? ''];
}
