import type { CallHooks } from '../../local/in-process.ts';
import type { FunctionKind } from '../../local/simulation/world.ts';

export const WAYS = ['before', 'after', 'unanswered'] as const;

export interface Crash {
  readonly call: number;
  readonly way: (typeof WAYS)[number];
}

/** One call, counted over all Lambdas, is where a Lambda dies: before its effect, after it, or by a lost answer. */
export function crashing(
  crash: Crash | undefined,
  count: { calls: number; isArmed: boolean },
): (kind: FunctionKind) => CallHooks {
  const dying = new WeakSet<object>();
  const never = () => new Promise<void>(() => {});
  return () => ({
    before: async (call) => {
      if (!count.isArmed) return;
      count.calls += 1;
      if (count.calls !== crash?.call) return;
      if (crash.way === 'before') await never();
      dying.add(call);
    },
    after: async (call) => {
      if (!dying.has(call)) return;
      if (crash?.way === 'after') await never();
      throw Object.assign(new Error('the answer was lost'), { name: 'TimeoutError' });
    },
  });
}
