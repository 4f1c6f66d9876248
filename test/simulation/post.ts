import type { Chance } from './chance.ts';
import type { World } from './world.ts';

/** What EventBridge delivers: raw events, in their order. */
export type RawEvent = Readonly<Record<string, unknown>>;

/** EventBridge delivers "at least once", in no order, and sometimes late. */
export class Post {
  readonly #world: World;
  readonly #chance: Chance;

  constructor(world: World, chance: Chance) {
    this.#world = world;
    this.#chance = chance;
  }

  carry(event: RawEvent, target: (event: RawEvent) => void): void {
    const chance = this.#chance;
    const { timeline, trouble, strands } = this.#world;
    const { drops, duplicates, lateness } = trouble.weather;
    const deliver = (delayMs: number): void => {
      timeline.after(delayMs, () => {
        this.#world.note(`event of ${JSON.stringify(event['time'])} ${JSON.stringify(event['detail'])}`);
        target(event);
      });
    };
    this.#world.delivered.push({ event, deliver: target });
    if (trouble.isDeaf) return;
    if (!trouble.isActive) return deliver(chance.between(20, 400));
    const told = strands.has('restlessness') && chance.happens(0.5) ? stateIn(event) : undefined;
    if (told === 'stopped') {
      this.#world.count('event late');
      trouble.disturb(60_000);
      return deliver(chance.between(60_000, 250_000));
    }
    if (told === 'pending' || told === 'running' || chance.happens(drops)) {
      this.#world.count('event dropped');
      if (strands.has('hours')) this.#world.withheld.push(() => target(event));
      trouble.disturb(60_000);
      return;
    }
    if (chance.happens(duplicates)) {
      const copies = chance.between(1, 4);
      this.#world.count('event duplicated');
      for (let copy = 0; copy < copies; copy += 1) deliver(chance.between(20, 200_000));
    }
    if (!chance.happens(lateness)) return deliver(chance.between(20, 400));
    this.#world.count('event late');
    const delayMs = chance.between(400, 300_000);
    trouble.disturb(Math.min(delayMs, 60_000));
    deliver(delayMs);
  }
}

function stateIn({ detail }: RawEvent): unknown {
  return typeof detail === 'object' && detail !== null && 'state' in detail ? detail.state : undefined;
}
