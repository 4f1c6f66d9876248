import type { Configuration } from '../../lib/config/configuration.ts';
import { templateOf } from '../../local/simulation/template.ts';
import { ZONES } from './setting.ts';
import { successor } from './successor.ts';

/** What all seeds of a run have in common: made once, and sent to each process. */
export interface Base {
  readonly template: unknown;
  readonly other: OtherCode;
}

/** Another version, which deployments may bring. */
export interface OtherCode {
  /** Of a module that is a `Code`: it is loaded where the seeds are lived through, and no planted bug is in it. */
  readonly path: string;
  /** Whether all seeds have such deployments. @default - those with the strand `versions` */
  readonly isEverywhere?: boolean;
  /** Whether it may be the one that stays, as the checkers expect of it in the end what they expect of this. */
  readonly mayStay: boolean;
}

/** As the stack would be for the smallest configuration; what a larger one adds is in one property alone. */
const SMALLEST: Configuration = { owner: 'ours', zones: ZONES, roles: { web: 'int' } };

/** Where deployments of another version bring the successor, or what is given. */
export async function makeBase(other?: OtherCode): Promise<Base> {
  const [template, next] = await Promise.all([templateOf(SMALLEST), other ?? successor()]);
  return { template, other: next };
}
