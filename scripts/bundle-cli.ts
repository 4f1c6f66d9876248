import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

/** `npm run build:cli`: writes dist/cli, the command line as plain JavaScript; what only one command needs stays apart. */
await build({
  entryPoints: [fileURLToPath(new URL('../bin/rolecall.ts', import.meta.url))],
  outdir: fileURLToPath(new URL('../dist/cli/', import.meta.url)),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['@aws-sdk/*', 'commander', 'ipaddr.js', 'tsx', 'yaml'],
});
