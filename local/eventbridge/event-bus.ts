import type { JsonObject } from '../json.ts';
import { compile } from './pattern.ts';

export interface EventRule {
  readonly name: string;
  /** An event pattern, as in the rule's JSON. */
  readonly pattern: unknown;
  readonly targets: readonly ((event: JsonObject) => void)[];
}

/** The default event bus: each event goes to the targets of every rule that it matches, in the order of the rules. */
export class EventBus {
  readonly #rules = new Map<string, EventRule & { readonly fits: (event: unknown) => boolean }>();
  readonly #taps = new Set<(event: JsonObject) => void>();

  /** Adds a rule, or replaces the one of that name; the returned function removes it. Throws for a bad pattern. */
  addRule(rule: EventRule): () => void {
    const standing = { ...rule, fits: compile(rule.pattern) };
    this.#rules.set(rule.name, standing);
    return () => {
      if (this.#rules.get(rule.name) === standing) this.#rules.delete(rule.name);
    };
  }

  get rules(): readonly EventRule[] {
    return [...this.#rules.values()];
  }

  /** Shows every event, matched or not; the returned function ends it. */
  onEvent(tap: (event: JsonObject) => void): () => void {
    this.#taps.add(tap);
    return () => this.#taps.delete(tap);
  }

  put(event: JsonObject): void {
    for (const tap of this.#taps) tap(event);
    for (const { fits, targets } of this.#rules.values()) {
      if (fits(event)) for (const deliver of targets) deliver(event);
    }
  }
}
