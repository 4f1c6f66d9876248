import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { loadConfiguration } from '../lib/cli/configuration-file.ts';
import type { Configuration } from '../lib/config/configuration.ts';
import { warningsOf } from '../lib/config/warnings.ts';
import { RolecallStack } from '../lib/infra/rolecall-stack.ts';
import { InvalidInput } from '../lib/model/errors.ts';
import { bundleLambdas } from '../scripts/bundle/lambda-bundles.ts';

/**
 * The CDK app. `npx cdk synth -c config=FILE -c stack=NAME -c metrics=off -c alarms=off -c alarmTopic=ARN`; each may be
 * left out.
 */
const app = new App();
const configuration = await readConfiguration(context('config', 'rolecall.config.ts'));
await bundleLambdas();
const stack = new RolecallStack(app, context('stack', 'Rolecall'), {
  configuration,
  monitoring: {
    metrics: context('metrics', 'on') !== 'off',
    ...(context('alarms', 'on') === 'off' ? { alarms: false } : {}),
  },
});
const alarmTopic = context('alarmTopic', '');
if (alarmTopic !== '') stack.rolecall.alarms.tell(alarmTopic);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();

function context(name: string, otherwise: string): string {
  const value: unknown = app.node.tryGetContext(name);
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

/** A mistake in the file is the user's to mend: said plainly, without the stack of our own calls. */
async function readConfiguration(file: string): Promise<Configuration> {
  try {
    const loaded = await loadConfiguration(file);
    for (const warning of warningsOf(loaded)) console.error(`Warning: ${warning}`);
    return loaded;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    console.error(error.message);
    // At once: a process that ends by itself would still write an empty assembly over the last good one.
    process.exit(1);
  }
}
