import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../cdk.json' with { type: 'json' };
import type { Configuration } from '../../lib/config/configuration.ts';
import { RolecallStack } from '../../lib/infra/rolecall-stack.ts';
import { bundleLambdas } from '../../scripts/bundle/lambda-bundles.ts';

/** Two zones that exist, and roles of each kind. */
export const EXISTING_ZONES: Configuration = {
  zones: {
    int: { name: 'corp.internal', private: true, id: 'Z0AAA' },
    pub: { name: 'example.com', id: 'Z0BBB' },
  },
  roles: {
    cache: 'int',
    web: { names: [{ zone: 'pub' }] },
    mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
  },
};

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

let bundles: Promise<unknown> | undefined;

/** The app with the flags of cdk.json, as the CDK's command line starts it. */
export function newApp(): App {
  return new App({ context: cdkJson.context });
}

/** A stack named `Rolecall`, with the Lambdas as the sources have them now. */
export async function stackIn(app: App, configuration: Configuration): Promise<RolecallStack> {
  await (bundles ??= bundleLambdas());
  return new RolecallStack(app, 'Rolecall', { configuration });
}

export async function synthesize(configuration: Configuration = EXISTING_ZONES): Promise<Template> {
  return Template.fromStack(await stackIn(newApp(), configuration));
}

/** Logical id to resource, of one type. */
export function resources(template: Template, type: string): ReadonlyMap<string, Resource> {
  return new Map(Object.entries(template.findResources(type) as Record<string, Resource>));
}

/** The one resource of a type whose logical id is this, before the hash that the CDK adds. */
export function resource(template: Template, type: string, name: string): Resource {
  const found = [...resources(template, type)].filter(([id]) => id.replace(/[0-9A-F]{8}$/, '') === name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} resources ${type} are called ${name}.`);
  return only[1];
}
