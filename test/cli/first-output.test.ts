import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import type { World } from '../../local/simulation/world.ts';
import { rolecallAs, terminalOn } from './world-target.ts';
import { worldWith } from './worlds.ts';

/** What the file loads as it starts, of ours and of packages; what it loads later is not followed. */
async function loadedBy(entry: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    entryPoints: [entry],
    outdir: 'dist',
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
  });
  return [...reachedFrom(entry, metafile)].sort();
}

function reachedFrom(path: string, metafile: Metafile, reached = new Set<string>()): Set<string> {
  if (reached.has(path)) return reached;
  reached.add(path);
  for (const { path: next, kind } of metafile.inputs[path]?.imports ?? []) {
    if (kind === 'import-statement') reachedFrom(next, metafile, reached);
  }
  return reached;
}

async function onTerminal(world: World, ...args: string[]): Promise<string> {
  const terminal = terminalOn(world, { isStdoutTerminal: true, stderrColumns: 80 });
  return (await rolecallAs(world, { terminal }, ...args)).stderr;
}

describe('the first output', () => {
  it('waits for no command, no schema and no SDK to be loaded: each file costs time before anything is seen', async () => {
    expect(await loadedBy('bin/rolecall.ts')).toEqual([
      'bin/rolecall.ts',
      'commander',
      'lib/cli/commands.ts',
      'lib/cli/program.ts',
      'lib/cli/progress.ts',
      'lib/cli/surroundings.ts',
      'package.json',
    ]);
    expect((await loadedBy('lib/cli/status.ts')).length).toBeGreaterThan(8);
  });

  it('of a command is on a terminal the line that it starts; of help, a mistake and a typo it is their own', async () => {
    const world = await worldWith({ web: 'pub' });
    expect(await onTerminal(world, 'status')).toMatch(/^\r\u001b\[Kstarting …/);
    expect(await onTerminal(world, '--help')).toBe('');
    expect(await onTerminal(world, 'statsu')).toMatch(/^rolecall: unknown command 'statsu'/);
    expect(await onTerminal(world, '--verbose')).toMatch(/^rolecall: unknown option '--verbose'/);
    await world.closeCleanly();
  });

  it('leaves no such line behind, whatever the command does then', async () => {
    const world = await worldWith({ web: 'pub' });
    expect(await onTerminal(world, 'status', '--help')).toBe('\r\u001b[Kstarting …\r\u001b[K');
    expect(await onTerminal(world, 'move', 'web')).toMatch(
      /^\r\u001b\[Kstarting …\r\u001b\[Krolecall: required option/,
    );
    expect(await onTerminal(world, 'config', 'schema')).toBe('\r\u001b[Kstarting …\r\u001b[K');
    await world.closeCleanly();
  });
});
