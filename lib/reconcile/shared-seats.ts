import type { CorePorts, Registry, Seating } from './ports.ts';
import type { SeatingOutcome } from './slots-port.ts';

/** What another pass is answered counts for so long, and for so long is it waited for: one that is held up holds up no other. */
const SHARED_MS = 250;

interface Asked {
  readonly seating: Seating;
  /** Undefined: nobody can tell what came of it. */
  readonly answer: Promise<SeatingOutcome | undefined>;
  readonly untilMs: number;
}

/**
 * The registry as passes of one invocation share it: where several zones wait for the same seats, on account of the same
 * news, the first pass writes them and the others are told what stands, as the registry would tell them, without a call.
 */
export function sharingSeats({ registry, clock }: Pick<CorePorts, 'registry' | 'clock'>): Registry {
  const asked = new Map<string, Asked>();
  return {
    ...registry,
    seat: async (seating) => {
      const key = JSON.stringify(seating.writes.map(({ after, renewed }) => [after, renewed.from]));
      const ahead = asked.get(key);
      const leftMs = ahead === undefined ? 0 : ahead.untilMs - clock.now();
      if (ahead === undefined || leftMs <= 0) {
        const answer = registry.seat(seating);
        asked.set(key, { seating, answer: answer.catch(() => undefined), untilMs: clock.now() + SHARED_MS });
        return await answer;
      }
      const outcome = await Promise.race([ahead.answer, clock.sleep(leftMs)]);
      if (outcome?.kind !== 'seated') return await registry.seat(seating);
      return { kind: 'taken', standing: ahead.seating.writes.map(({ after, renewed }) => ({ slot: after, renewed })) };
    },
  };
}
