import { spawn } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningAccount } from '../end-to-end/running-account.ts';
import { type Block, blocksOf, differences } from './page-blocks.ts';

const PAGE = new URL('../../docs/tutorials/first-steps.md', import.meta.url);
const LAUNCHER = fileURLToPath(new URL('../../bin/rolecall.cjs', import.meta.url));
const MARK = '@@ block';

/** But for the first, which installs and starts what runs already here. */
const [start, ...BLOCKS] = blocksOf(PAGE);

let account: RunningAccount;
let printed: readonly string[] = [];

beforeAll(async () => {
  account = await RunningAccount.start();
  printed = await play(BLOCKS);
}, 600_000);

afterAll(async () => {
  await account.stop();
});

/** Runs all blocks in one shell, as a reader would; gives what each printed, on either stream. */
async function play(blocks: readonly Block[]): Promise<string[]> {
  const bin = join(account.folder, 'node_modules/.bin');
  await mkdir(bin, { recursive: true });
  await symlink(LAUNCHER, join(bin, 'rolecall'));
  const script = join(account.folder, 'tutorial.sh');
  const body = blocks.map(({ commands }) => `echo '${MARK}'\n${here(commands)}`).join('\n');
  await writeFile(script, `set -eu\nexec 2>&1\n${body}`);
  const { AWS_PROFILE: _profile, NODE_OPTIONS: _options, ...environment } = process.env;
  const child = spawn('bash', [script], {
    cwd: account.folder,
    env: {
      ...environment,
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
      npm_config_loglevel: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  if (code !== 0) throw new Error(`the tutorial ended with ${code} after:\n${output}`);
  return output.split(`${MARK}\n`).slice(1);
}

/** The page names the ports that npm start takes when they are free. */
function here(commands: string): string {
  return commands.replaceAll('http://127.0.0.1:4600', account.endpoint).replaceAll('-p 5300', `-p ${account.dnsPort}`);
}

describe('the tutorial', () => {
  it('begins with how to start', () => {
    expect(start?.commands).toBe('npm ci\nnpm start\n');
    expect(BLOCKS.length).toBeGreaterThan(10);
  });

  it.each(BLOCKS.map((block, index) => [`${index + 1}: ${block.heading}`, index, block] as const))(
    'prints what the page shows, block %s',
    (_name, index, { prints }) => {
      expect(prints).not.toBeUndefined();
      expect({ printed: printed[index], ...differences(prints ?? [], printed[index] ?? '') }).toMatchObject({
        missing: [],
        extra: [],
      });
    },
  );
});

describe('the comparison with the page', () => {
  const promised = ['i-71a7026741e329dbb  serving  203.0.113.11', 'settled after 1 s'];

  it('takes other ids, addresses and times for the same, in any order', () => {
    const printedNow = 'settled after 0 s\ni-0123456789abcdef0 serving 203.0.113.7\n';
    expect(differences(promised, printedNow)).toEqual({ missing: [], extra: [] });
  });

  it('finds what is not printed, and what is printed beside it', () => {
    const printedNow = 'i-0123456789abcdef0 draining 203.0.113.7\nsettled after 3 s\n';
    expect(differences(promised, printedNow)).toEqual({
      missing: ['i-71a7026741e329dbb  serving  203.0.113.11'],
      extra: ['i-0123456789abcdef0 draining 203.0.113.7'],
    });
    expect(differences([...promised, '…'], printedNow)).toMatchObject({ missing: [promised[0]], extra: [] });
  });

  it('takes no offence at what a slow machine is told meanwhile', () => {
    expect(differences(['settled after 1 s'], 'waiting until all is done …\nsettled after 9 s\n')).toEqual({
      missing: [],
      extra: [],
    });
  });

  it('counts: a line that is promised twice is printed twice', () => {
    expect(differences(['203.0.113.11', '203.0.113.12'], '203.0.113.12')).toMatchObject({ missing: ['203.0.113.12'] });
  });
});
