import { pathToFileURL } from 'node:url';
import { createHandler as createConfigure } from '../../lambdas/configure.ts';
import { settingsFrom } from '../../lambdas/environment.ts';
import { createHandler as createObserve } from '../../lambdas/observe.ts';
import { createHandler as createReconcile } from '../../lambdas/reconcile.ts';
import { createHandler as createSweep } from '../../lambdas/sweep.ts';

/** All that the Lambdas of one version are made from. */
export interface Code {
  readonly settingsFrom: typeof settingsFrom;
  readonly createConfigure: typeof createConfigure;
  readonly createObserve: typeof createObserve;
  readonly createReconcile: typeof createReconcile;
  readonly createSweep: typeof createSweep;
}

/** That of this checkout. */
export const THIS_CODE: Code = { settingsFrom, createConfigure, createObserve, createReconcile, createSweep };

/** Another version's. */
export async function codeAt(path: string): Promise<Code> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a module that was built to be one
  return (await import(pathToFileURL(path).href)) as Code;
}
