import type { Command } from 'commander';
import { declare, opened } from './command.ts';
import { printResult, type Surroundings } from './surroundings.ts';
import { ADDRESSES } from './views-schema.ts';

export function defineAddresses(addresses: Command, surroundings: Surroundings): void {
  declare(addresses, { examples: ['addresses', 'addresses --json'], result: ADDRESSES }).action(
    async (_flags: object, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const { addressesView, addressesLines } = await import('./addresses-view.ts');
      printResult(surroundings, { ...output, data: await addressesView(target) }, addressesLines);
    },
  );
}
