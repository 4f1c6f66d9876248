#!/usr/bin/env node
/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access, typescript/no-unsafe-return, typescript/no-unsafe-argument -- plain JavaScript, which tsconfig.json does not cover */
import { existsSync } from 'node:fs';

const built = new URL('../dist/cli/rolecall.js', import.meta.url);
// An installed package runs what was built, and is quick to answer; a clone runs its sources, whatever was built before.
const isBuilt = import.meta.url.includes('/node_modules/') && existsSync(built);
const readsConfiguration = process.argv.some((word) => word === 'config' || word.startsWith('--config'));

// Node 20 reads no TypeScript by itself: not the sources, and not a configuration.
if (!isBuilt || readsConfiguration) (await import('tsx/esm/api')).register();
await import(isBuilt ? built.href : './rolecall.ts');
