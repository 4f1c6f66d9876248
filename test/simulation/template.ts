import type { Configuration } from '../../lib/config/configuration.ts';
import { parseTemplate, type Template } from '../../local/runtime/template.ts';
import { templateOf } from '../../local/simulation/template.ts';
import { ZONES } from './setting.ts';

/** As the stack would be for the smallest configuration; what a larger one adds is in one property alone. */
const BASE: Configuration = { owner: 'ours', zones: ZONES, roles: { web: 'int' } };

export async function baseTemplate(): Promise<unknown> {
  return await templateOf(BASE);
}

const CUSTOM_RESOURCE = 'Custom::RolecallConfiguration';

/**
 * The template for another configuration of the same zones. To synthesize it takes half a second, which thousands of
 * seeds do not have: what differs, apart from permissions, is the property of the custom resource.
 */
export function templateFor(base: unknown, configuration: Configuration): Template {
  const template = parseTemplate(base);
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) =>
      resource.Type === CUSTOM_RESOURCE
        ? [id, { ...resource, Properties: { ...resource.Properties, Configuration: JSON.stringify(configuration) } }]
        : [id, resource],
    ),
  );
  return { ...template, Resources };
}
