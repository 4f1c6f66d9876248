import { type DesiredRecords, desiredRecords, type RecordsInput } from '../../lib/desired/records.ts';
import type { Routing } from '../../lib/model/record-set.ts';
import { PUBLIC_ZONE, role } from './examples.ts';

export function desired(changes: Partial<RecordsInput>): DesiredRecords {
  return desiredRecords({
    zone: PUBLIC_ZONE,
    role: role(),
    members: [],
    slots: [],
    keepAbsent: new Set(),
    previous: [],
    ...changes,
  });
}

/** `name type values` of each set; `name type [identifier] values` where a member has a set of its own. */
export function lines(result: DesiredRecords): string[] {
  return result.sets.map(({ set }) => `${set.name} ${set.type} ${routed(set.routing)}${set.values.join(', ')}`);
}

export function refusals(result: DesiredRecords): string[] {
  return result.withheld.map(({ name, type, reason, instance }) => [name, type, reason, instance].join(' ').trim());
}

function routed(routing: Routing): string {
  switch (routing.kind) {
    case 'simple':
      return '';
    case 'multivalue':
      return `[${routing.setIdentifier}] `;
    case 'weighted':
      return `[${routing.setIdentifier} ${routing.weight}] `;
  }
}
