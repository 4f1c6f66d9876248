import type { InvocationContext } from '../../../local/runtime/lambda-host.ts';
import type { Trigger } from './circumstances.ts';
import type { Stage } from './stage.ts';

/** What only the sweep finds: it comes twice in a row, or cannot read. */
export function heldUp(operation: string): Required<Pick<Trigger, 'again' | 'withhold'>> {
  return {
    again: async ({ world }: Stage) => await world.another('Sweep', {})({}, {} as InvocationContext),
    withhold: ({ world }: Stage) => world.account.faults.add({ service: 'ec2', operation, effect: 'throttle' }),
  };
}

/** The command wrote its request, and could wake nobody. */
export function unheard(): Required<Pick<Trigger, 'withhold'>> {
  const when = ({ caller = '' }) => caller === 'cli';
  return { withhold: ({ world }: Stage) => world.account.faults.add({ service: 'sqs', effect: 'error-before', when }) };
}
