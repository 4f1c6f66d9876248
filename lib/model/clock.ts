/** Time and randomness come from outside, so that the same code runs on real and on virtual time. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export interface Random {
  /** A fresh identifier of 1 to 36 letters, digits and hyphens, never given twice. */
  id(): string;
}
