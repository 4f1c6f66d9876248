import type { Base } from './base.ts';
import type { Order, Report } from './crew.ts';
import { simulate, warmUp } from './run.ts';

/** A process that lives through the seeds it is sent; started by `simulateTogether`. */
let base: Base;

async function carryOut(order: Order): Promise<Report | 'ready'> {
  if ('base' in order) {
    base = order.base;
    await warmUp(base);
    return 'ready';
  }
  const { trace: _trace, ...report } = await simulate(order.seed, base);
  return report;
}

process.on('message', (order: Order) => {
  void carryOut(order).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());
// Ctrl-C is for the one who gives the orders, who lets each seed come to its end.
process.on('SIGINT', () => {});
