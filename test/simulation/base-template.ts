import type { Configuration } from '../../lib/config/configuration.ts';
import { templateOf } from '../../local/simulation/template.ts';
import { ZONES } from './setting.ts';

/** As the stack would be for the smallest configuration; what a larger one adds is in one property alone. */
const BASE: Configuration = { owner: 'ours', zones: ZONES, roles: { web: 'int' } };

export async function baseTemplate(): Promise<unknown> {
  return await templateOf(BASE);
}
