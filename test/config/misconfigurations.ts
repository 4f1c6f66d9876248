export const DURATION = "must be a duration from '1s' to '7d', such as '45s', '5m' or '1h', not";

export interface Misconfiguration {
  readonly title: string;
  readonly input: unknown;
  readonly problem: string | readonly string[];
}
