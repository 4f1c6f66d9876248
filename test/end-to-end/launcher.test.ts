import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const LAUNCHER = fileURLToPath(new URL('../../bin/rolecall.cjs', import.meta.url));

it('a command whose output nobody reads any more ends without a word', async () => {
  const child = spawn(process.execPath, [LAUNCHER, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = await once(child, 'close');
  expect({ code, said }).toEqual({ code: 0, said: '' });
});

// npx remembers for each folder by which file it ran the command first: for older checkouts that is rolecall.js.
it.each(['rolecall.cjs', 'rolecall.js'])('the command starts by bin/%s', (file) => {
  const launcher = fileURLToPath(new URL(`../../bin/${file}`, import.meta.url));
  expect(execFileSync(launcher, ['--version'], { encoding: 'utf8' })).toBe('0.1.0\n');
});
