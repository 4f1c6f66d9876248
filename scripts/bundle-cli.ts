import { bundleCli, isCliBundleFresh } from './bundle/cli-bundle.ts';

/** `npm run build:cli`: writes dist/cli; with `--if-stale` only when what it is made from has changed. */
if (!process.argv.includes('--if-stale') || !(await isCliBundleFresh())) await bundleCli();
