import { defineConfig } from 'vitest/config';

/** `npm run test:outside`: needs the AWS CLI and dig, and fails where they are missing. */
export default defineConfig({
  test: {
    include: ['test/outside/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Each file has programs and ports of its own, and waits for them more than it works.
    maxWorkers: '100%',
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
});
