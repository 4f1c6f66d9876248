import type { Configuration } from '../../lib/config/configuration.ts';
import { parseTemplate, type Template } from '../../local/runtime/template.ts';

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
