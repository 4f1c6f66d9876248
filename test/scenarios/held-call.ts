import type { CallHooks, ClientCall } from '../../local/in-process.ts';
import type { FunctionKind } from '../../local/simulation/world.ts';

/** Once armed, holds one call of one function up, before it is sent, until it is let go on. */
export class HeldCall {
  #isArmed = false;
  #held: ClientCall | undefined;
  #goOn: (() => void) | undefined;
  #dies = false;
  readonly #kind: FunctionKind;
  readonly #fits: (call: ClientCall) => boolean;

  constructor(kind: FunctionKind, fits: (call: ClientCall) => boolean) {
    this.#kind = kind;
    this.#fits = fits;
  }

  readonly hooks = (kind: FunctionKind): CallHooks => ({
    before: async (call) => {
      if (kind !== this.#kind || !this.#isArmed || !this.#fits(call)) return;
      this.#isArmed = false;
      this.#held = call;
      await new Promise<void>((resolve) => {
        this.#goOn = resolve;
      });
    },
    after: async (call) => {
      if (call === this.#held && this.#dies) await new Promise<void>(() => {});
    },
  });

  get isHolding(): boolean {
    return this.#goOn !== undefined;
  }

  arm(): void {
    this.#isArmed = true;
  }

  /** With `dies` its Lambda never sees the answer. */
  letGoOn({ dies = false } = {}): void {
    this.#dies = dies;
    this.#goOn?.();
  }
}

export const isRoute53Write = ({ operation }: ClientCall): boolean => operation === 'ChangeResourceRecordSets';
