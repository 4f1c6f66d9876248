import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { InvalidInput } from '../../lib/model/errors.ts';

const RESOURCE = v.object({
  Type: v.string(),
  Properties: v.optional(v.record(v.string(), v.unknown()), {}),
  DependsOn: v.optional(v.union([v.string(), v.array(v.string())]), []),
  DeletionPolicy: v.optional(v.string()),
});

/** The parts of a CloudFormation template that have a meaning here. */
const TEMPLATE = v.object({
  Resources: v.record(v.string(), RESOURCE),
  Outputs: v.optional(v.record(v.string(), v.object({ Value: v.unknown() })), {}),
});

const ASSETS = v.object({
  files: v.record(v.string(), v.object({ source: v.object({ path: v.optional(v.string()) }) })),
});

export type TemplateResource = v.InferOutput<typeof RESOURCE>;
export type Template = v.InferOutput<typeof TEMPLATE>;

/** One synthesized stack, with the code of its functions. */
export interface Assembly {
  readonly stackName: string;
  readonly template: Template;
  /** The folder of the asset that CloudFormation would fetch under this key. */
  readonly assetFolder: (objectKey: string) => string;
}

/**
 * Reads a cloud assembly, as `cdk synth` writes it.
 *
 * @throws InvalidInput when the folder holds no such stack.
 */
export async function readAssembly(folder: string, stackName: string): Promise<Assembly> {
  const template = await readJson(TEMPLATE, join(folder, `${stackName}.template.json`));
  const assets = await readJson(ASSETS, join(folder, `${stackName}.assets.json`));
  return {
    stackName,
    template,
    assetFolder: (objectKey) => {
      const path = assets.files[objectKey.replace(/\.zip$/, '')]?.source.path;
      if (path === undefined) {
        throw new InvalidInput(
          `the template names the asset ${objectKey}, which ${stackName}.assets.json does not list: synthesize again.`,
        );
      }
      return join(folder, path);
    },
  };
}

/** A template to create a stack from, from its JSON. */
export function parseTemplate(json: unknown): Template {
  return v.parse(TEMPLATE, json);
}

async function readJson<Schema extends v.GenericSchema>(schema: Schema, path: string): Promise<v.InferOutput<Schema>> {
  try {
    return v.parse(schema, JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new InvalidInput(`${path} cannot be read: ${String(error)}. Synthesize the stack first.`, error);
  }
}
