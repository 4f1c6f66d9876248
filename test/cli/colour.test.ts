import { describe, expect, it } from 'vitest';
import type { World } from '../../local/simulation/world.ts';
import { worldWith } from './worlds.ts';
import { rolecallAs, terminalOn } from './world-target.ts';

const ESCAPE = '\u001b[';

async function output(world: World, args: readonly string[], environment: Record<string, string>, isTerminal = true) {
  const terminal = terminalOn(world, { isStdoutTerminal: isTerminal });
  return (await rolecallAs(world, { terminal, environment }, ...args)).stdout;
}

describe('colour', () => {
  it('is on a terminal: what is well, what is not, and the signs of a plan', async () => {
    const world = await worldWith({ web: 'pub' });
    await world.launch('web');
    await world.advance(75);
    expect(await output(world, ['status'], {})).toContain('\u001b[32mall is well\u001b[39m · last sweep');
    expect(await output(world, ['status'], {})).toContain('\u001b[1mweb 1/1 serving\u001b[22m');
    await world.edit('Z0AAA', 'UPSERT', 'web.example.com', 'A', 60, '192.0.2.9');
    expect(await output(world, ['plan'], {})).toContain('  \u001b[33m~\u001b[39m  web.example.com  A ');
    expect(await output(world, ['doctor'], {})).toContain('  \u001b[32mok\u001b[39m  ');
    expect(await output(world, ['explain', 'ftp.example.com'], {})).toContain('  \u001b[31mno\u001b[39m  ');
    await world.closeCleanly();
  });

  it.each([
    ['FORCE_COLOR=1 where it is no terminal', { FORCE_COLOR: '1' }, false, [], true],
    ['an empty NO_COLOR', { NO_COLOR: '' }, true, [], true],
    ['no terminal', {}, false, [], false],
    ['NO_COLOR', { NO_COLOR: '1' }, true, [], false],
    ['NO_COLOR and FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, [], false],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, [], false],
    ['TERM=dumb', { TERM: 'dumb' }, true, [], false],
    ['--no-color', { FORCE_COLOR: '1' }, true, ['--no-color'], false],
    ['--json', { FORCE_COLOR: '1' }, true, ['--json'], false],
  ])('by %s', async (_title, environment, isTerminal, flags, isColoured) => {
    const world = await worldWith({ web: 'pub' });
    expect((await output(world, ['status', ...flags], environment, isTerminal)).includes(ESCAPE)).toBe(isColoured);
    await world.closeCleanly();
  });
});
