import { afterEach, beforeEach, expect, it } from 'vitest';
import { THIS_CODE } from './code.ts';
import { Environments } from './environments.ts';
import type { Deployment } from './rollouts.ts';
import { World } from './world.ts';

const SWEEP = {
  name: 'Sweep',
  folder: '',
  handler: 'index.handler',
  arn: 'arn:aws:lambda:us-east-1:123456789012:function:Sweep',
  memoryMegabytes: 256,
  timeoutMs: 60_000,
  environment: { REGISTRY_TABLE: 't', WORK_QUEUE_URL: 'w', LATER_QUEUE_URL: 'l' },
} as const;

let world: World;
let deployed: Deployment;
let environments: Environments;
let versions: string[];

beforeEach(() => {
  world = new World(1, undefined);
  versions = [];
  environments = new Environments({
    account: world.account,
    mishaps: { before: async () => {}, after: async () => {}, clockSkewMs: () => 0 },
    witness: {
      journal: () => {},
      error: () => {},
      ended: ({ version }) => versions.push(version),
      failed: () => {},
      sent: () => {},
      answered: () => {},
      reads: () => {},
      generated: () => {},
    },
    rollouts: { deploymentFor: () => deployed },
    newId: () => world.newId(),
    respond: () => {},
  });
  environments.create(SWEEP);
});

afterEach(async () => {
  await environments.close();
  await world.close();
});

/** Whose sweeps tell how many were made with the same environment. */
function deployment(version: Deployment['version']): Deployment {
  const createSweep: typeof THIS_CODE.createSweep = () => {
    let calls = 0;
    return async () => {
      calls += 1;
      return { kind: 'skipped', why: `call ${calls}` };
    };
  };
  return { version, code: { ...THIS_CODE, createSweep } };
}

async function sweep(): Promise<unknown> {
  return await world.through(environments.invoke('Sweep', {}));
}

const call = (count: number) => ({ kind: 'skipped', why: `call ${count}` });

it('an environment is used again while what it was made for is deployed', async () => {
  deployed = deployment('this');
  expect([await sweep(), await sweep()]).toEqual([call(1), call(2)]);
});

it('an environment is not used for another deployment, nor again where that is taken back', async () => {
  deployed = deployment('this');
  await sweep();
  deployed = deployment('other');
  expect([await sweep(), await sweep()]).toEqual([call(1), call(2)]);
  deployed = deployment('this');
  expect(await sweep()).toEqual(call(1));
  expect(versions).toEqual(['this', 'other', 'other', 'this']);
});

it('an environment of the one deployment stays for it while calls go to both', async () => {
  const [one, other] = [deployment('this'), deployment('other')];
  const answers = [];
  for (const each of [one, other, one, other]) {
    deployed = each;
    answers.push(await sweep());
  }
  expect(answers).toEqual([call(1), call(1), call(2), call(2)]);
});
