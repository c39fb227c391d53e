import { defineConfig } from 'vitest/config';

export default defineConfig({
  // One copy of graphql: without the alias Vite loads its ESM and CommonJS builds side by side and error paths vanish.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/helpers/setup.ts'],
    env: { TZ: 'UTC' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default'],
  },
});
