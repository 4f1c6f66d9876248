#!/usr/bin/env node
/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-argument, import/no-unassigned-import -- plain JavaScript, which tsconfig.json does not cover */
const { readFileSync, statSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');

// Keeps what was compiled for the next command. Node 20 cannot.
enableCompileCache?.();
if (ROOT.includes('node_modules') || isFresh()) require('../dist/cli/rolecall.cjs');
// Node 20 reads no TypeScript by itself.
else void import('tsx').then(() => import('./rolecall.ts'));

/** A checkout runs its bundle only while every file that it was made from is as it was then; else the sources. */
function isFresh() {
  try {
    const builtFrom = Object.entries(JSON.parse(readFileSync(join(ROOT, 'dist/cli/built-from.json'), 'utf8')));
    const isUnchanged = ([path, [mtimeMs, bytes]]) => {
      const now = statSync(`${ROOT}/${path}`);
      return now.mtimeMs === mtimeMs && now.size === bytes;
    };
    return builtFrom.length > 0 && builtFrom.every(isUnchanged);
  } catch {
    return false;
  }
}
