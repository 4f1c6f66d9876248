import { defineConfig } from 'vitest/config';

/** `npm run test:outside`: needs the AWS CLI and dig, and fails where they are missing. */
export default defineConfig({
  test: {
    include: ['test/outside/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
