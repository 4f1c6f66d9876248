import { defineConfig } from 'vitest/config';

/** `npm test`: needs nothing but Node. What needs other programs is under test/outside, with a configuration of its own. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/outside/**'],
    // A test that starts the local account waits for child processes, not for the processor.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Loading the CDK and the SDK clients costs a file more than its tests: the files of one worker share them.
    isolate: false,
    // All processors: left to itself, vitest keeps one for its own process, which has little to do.
    maxWorkers: '100%',
    // The SDK tells every process on Node 20 of its plans for later Nodes.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
