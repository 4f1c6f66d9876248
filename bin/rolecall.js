#!/usr/bin/env node
/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-argument -- plain JavaScript, which tsconfig.json does not cover */
import { readFileSync, statSync } from 'node:fs';
import * as module from 'node:module';
import { fileURLToPath } from 'node:url';

const bundle = new URL('../dist/cli/rolecall.js', import.meta.url);
const runsBundle = import.meta.url.includes('/node_modules/') || isFresh();

// Keeps what was compiled for the next command. Node 20 cannot.
module.enableCompileCache?.();
// Node 20 reads no TypeScript by itself.
if (!runsBundle) await import('tsx');
await import(runsBundle ? bundle.href : './rolecall.ts');

/** A checkout runs its bundle only while every file that it was made from is as it was then; else the sources. */
function isFresh() {
  try {
    const builtFrom = Object.entries(JSON.parse(readFileSync(new URL('built-from.json', bundle), 'utf8')));
    // As text: a URL for each of some two hundred files takes longer than to look at them.
    const checkout = fileURLToPath(new URL('..', import.meta.url));
    const isUnchanged = ([path, [mtimeMs, bytes]]) => {
      const now = statSync(checkout + path);
      return now.mtimeMs === mtimeMs && now.size === bytes;
    };
    return builtFrom.length > 0 && builtFrom.every(isUnchanged);
  } catch {
    return false;
  }
}
