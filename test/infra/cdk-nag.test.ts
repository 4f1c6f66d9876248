import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { EXISTING_ZONES, newApp, stackIn } from './synthesized.ts';

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly unknown[];
    readonly suppressedViolations: readonly { readonly reason?: string }[];
  }[];
}

async function report(app: App): Promise<Report> {
  const { directory } = app.synth();
  return JSON.parse(await readFile(join(directory, 'validation-report.json'), 'utf8')) as Report;
}

const CREATED_ZONES: Configuration = {
  zones: { int: { name: 'corp.internal', private: true, vpcId: 'vpc-1' }, pub: { name: 'example.com' } },
  roles: {
    web: 'pub',
    mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { allocationIds: ['eipalloc-1'] } },
  },
};

describe('cdk-nag’s AwsSolutions', () => {
  it.each([
    ['with zones that exist', EXISTING_ZONES],
    ['with zones that the stack creates', CREATED_ZONES],
    ['with strict names', { ...EXISTING_ZONES, strictNames: true }],
  ])('finds nothing in a stack %s that has no reason in the code', async (_which, configuration) => {
    const app = newApp();
    await stackIn(app, configuration);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

    const reports = (await report(app)).pluginReports;
    const nag = reports.find(({ pluginName }) => pluginName === 'AwsSolutions');
    expect(nag?.violations).toEqual([]);
    expect(nag?.suppressedViolations.length).toBeGreaterThan(0);
    for (const { reason } of nag?.suppressedViolations ?? []) expect(reason).toMatch(/\w+ \w+/);
  });
});
