import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BundledHost } from '../../local/runtime/bundled-host.ts';
import { InProcessHost } from '../../local/runtime/in-process-host.ts';
import type { LambdaFunction } from '../../local/runtime/lambda-host.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

const CODE = `
let invocations = 0;
export const handler = async (event, context) => {
  invocations += 1;
  if (event.say) console.log(event.say);
  if (event.fail) throw new RangeError(event.fail);
  if (event.exit) process.exit(3);
  if (event.forever) await new Promise((resolve) => setTimeout(resolve, 1e6));
  if (event.spin) for (;;);
  return { invocations, environment: process.env, name: context.functionName, left: context.getRemainingTimeInMillis() };
};`;

let folder = '';
let host: BundledHost;
let lines: string[] = [];

function definition(over: Partial<LambdaFunction> = {}): LambdaFunction {
  return {
    name: 'sample',
    arn: 'arn:aws:lambda:us-east-1:123456789012:function:sample',
    folder,
    handler: 'index.handler',
    timeoutMs: 20_000,
    memoryMegabytes: 128,
    environment: { COLOUR: 'blue', NODE_OPTIONS: '--enable-source-maps' },
    ...over,
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-host-'));
  await writeFile(join(folder, 'index.mjs'), CODE);
  lines = [];
  let ids = 0;
  host = new BundledHost({
    endpoint: 'http://127.0.0.1:9',
    region: 'us-east-1',
    newId: () => `request-${(ids += 1)}`,
    onLine: (name, line) => lines.push(`${name}: ${line}`),
  });
});

afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true });
});

describe('the host of bundles', () => {
  it('gives a function its own environment and nothing of this process', async () => {
    process.env['ROLECALL_TEST_LEAK'] = 'leaked';
    host.create(definition());
    const answer = await host.invoke('sample', {});
    delete process.env['ROLECALL_TEST_LEAK'];
    expect(answer).toMatchObject({
      name: 'sample',
      environment: { COLOUR: 'blue', AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_REGION: 'us-east-1' },
    });
    expect(JSON.stringify(answer)).not.toContain('ROLECALL_TEST_LEAK');
  });

  it('uses a warm sandbox again, and another one while that is busy', async () => {
    host.create(definition());
    await host.invoke('sample', {});
    expect(await host.invoke('sample', {})).toMatchObject({ invocations: 2 });
    const both = await Promise.all([host.invoke('sample', {}), host.invoke('sample', {})]);
    expect(both).toMatchObject([{ invocations: 3 }, { invocations: 1 }]);
  });

  it('hands on what a function writes, line by line', async () => {
    host.create(definition());
    await host.invoke('sample', { say: '{"kind":"change"}' });
    await expect.poll(() => lines).toEqual(['sample: {"kind":"change"}']);
  });

  it('says what a handler throws, and keeps the sandbox', async () => {
    host.create(definition());
    await expect(host.invoke('sample', { fail: 'too far' })).rejects.toMatchObject({
      errorType: 'RangeError',
      message: 'too far',
    });
    expect(await host.invoke('sample', {})).toMatchObject({ invocations: 2 });
  });

  it.each(['forever', 'spin'])('stops a function at its time-out (%s), and starts afresh', async (how) => {
    host.create(definition({ timeoutMs: 300 }));
    await expect(host.invoke('sample', { [how]: true })).rejects.toMatchObject({
      errorType: 'Sandbox.Timedout',
      message: 'Task timed out after 0.30 seconds',
    });
    host.create(definition());
    expect(await host.invoke('sample', {})).toMatchObject({ invocations: 1 });
  });

  it('survives a function that exits', async () => {
    host.create(definition());
    await expect(host.invoke('sample', { exit: true })).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(await host.invoke('sample', {})).toMatchObject({ invocations: 1 });
  });

  it('says when the code cannot be loaded', async () => {
    host.create(definition({ handler: 'absent.handler' }));
    await expect(host.invoke('sample', {})).rejects.toThrow('Cannot find module');
  });

  it('refuses a function that does not exist', async () => {
    await expect(host.invoke('other', {})).rejects.toThrow('Function not found: other');
  });
});

describe('the host within this process', () => {
  it('lives on a virtual timeline: a time-out needs no waiting', async () => {
    const timeline = new VirtualTimeline(0);
    const inProcess = new InProcessHost({
      timeline,
      newId: () => 'request',
      handlerOf: () => async (event) => {
        await timeline.sleep(event === 'slow' ? 30_000 : 1_000);
        return 'done';
      },
    });
    inProcess.create(definition());
    const outcomes: unknown[] = [];
    void inProcess.invoke('sample', 'fast').then((result) => outcomes.push(result));
    inProcess.invoke('sample', 'slow').catch((error: Error) => outcomes.push(error.message));
    await timeline.advance(19_999);
    expect(outcomes).toEqual(['done']);
    await timeline.advance(1);
    expect(outcomes).toEqual(['done', 'Task timed out after 20.00 seconds']);
  });

  it('copies the event, as between processes', async () => {
    const given = { list: [1] };
    const inProcess = new InProcessHost({
      timeline: new VirtualTimeline(0),
      newId: () => 'request',
      handlerOf: () => async (event) => event === given,
    });
    inProcess.create(definition());
    expect(await inProcess.invoke('sample', given)).toBe(false);
  });
});
