import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as lambda from 'aws-cdk-lib/aws-lambda';

export type LambdaName = 'observe' | 'reconcile' | 'sweep' | 'configure' | 'update';

/** The folder of this package, wherever it is installed and whether or not it is compiled. */
const PACKAGE = dirname(createRequire(import.meta.url).resolve('rolecall/package.json'));

/** The bundle of a Lambda. The published package carries them, so that a user of it needs no bundler. */
export function lambdaCode(name: LambdaName): lambda.Code {
  const folder = join(PACKAGE, 'dist/lambdas', name);
  if (!existsSync(join(folder, 'index.mjs'))) {
    throw new Error(
      `The Lambda ${name} is not bundled: dist/lambdas/${name}/index.mjs is missing. Run "npm run build" first.`,
    );
  }
  return lambda.Code.fromAsset(folder);
}
