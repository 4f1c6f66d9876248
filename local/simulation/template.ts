import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json' with { type: 'json' };
import type { Configuration } from '../../lib/config/configuration.ts';
import { RolecallStack } from '../../lib/infra/rolecall-stack.ts';
import { bundleLambdas } from '../../scripts/bundle/lambda-bundles.ts';

const STACK_NAME = 'Rolecall';

let bundles: Promise<unknown> | undefined;

const templates = new Map<string, Promise<unknown>>();

/** The template that `cdk synth` would write for this configuration, made in this process, and once for all who ask. */
export function templateOf(configuration: Configuration): Promise<unknown> {
  const key = JSON.stringify(configuration);
  const template = templates.get(key) ?? synthesized(configuration);
  templates.set(key, template);
  return template;
}

async function synthesized(configuration: Configuration): Promise<unknown> {
  await (bundles ??= bundleLambdas());
  const outdir = await mkdtemp(join(tmpdir(), 'rolecall-template-'));
  try {
    // `cdk synth` checks the template against CloudFormation's rules; here that would take longer than all the rest.
    const app = new App({ context: cdkJson.context, outdir, builtinCloudFormationValidation: false });
    const stack = new RolecallStack(app, STACK_NAME, { configuration });
    const template: unknown = app.synth().getStackArtifact(stack.artifactId).template;
    return template;
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}
