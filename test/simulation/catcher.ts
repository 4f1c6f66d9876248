import type { Base } from './base.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { simulatorWith } from './planting.ts';
import * as unplanted from './run.ts';

/** What a catcher is told: the template once, then one bug after another. */
export type Hunt = { readonly base: Base } | { readonly bug: string; readonly from: number; readonly to: number };

/** The first seed that breaks something with the mistake and nothing without it; absent: the bug lives. */
export interface Catch {
  readonly bug: string;
  readonly seed?: number;
  readonly invariant?: string;
  readonly message?: string;
}

let base: Base;
/** Whether a seed holds without any mistake. */
const holds = new Map<number, boolean>();

async function holdsUnplanted(seed: number): Promise<boolean> {
  if (holds.size === 0) await unplanted.warmUp(base);
  const known = holds.get(seed) ?? (await unplanted.simulate(seed, base)).violation === undefined;
  holds.set(seed, known);
  return known;
}

/** Seeds in their order. */
async function hunt(name: string, from: number, to: number): Promise<Catch> {
  const bug = PLANTED_BUGS.find((each) => each.name === name);
  if (bug === undefined) throw new Error(`there is no planted bug “${name}”`);
  const { simulate, warmUp } = await simulatorWith(bug);
  await warmUp(base);
  for (let seed = from; seed <= to; seed += 1) {
    const { violation } = await simulate(seed, base);
    // A seed that breaks something without the mistake, too, has not caught it.
    if (violation !== undefined && (await holdsUnplanted(seed))) return { bug: name, seed, ...violation };
  }
  return { bug: name };
}

process.on('message', (order: Hunt) => {
  if ('base' in order) {
    base = order.base;
    return;
  }
  void hunt(order.bug, order.from, order.to).then((caught) => process.send?.(caught));
});
process.on('disconnect', () => process.exit());
