import type { Command } from 'commander';
import type * as v from 'valibot';
import type { MadeToken, TokenHolder } from '../reconcile/host-tokens.ts';
import { declare, opened } from './command.ts';
import { HOST_LIST, HOST_REMOVED, HOST_TOKEN } from './host-schema.ts';
import { printResult, type Surroundings } from './surroundings.ts';
import { announceWrite } from './target.ts';
import { ago, columns } from './text.ts';

/** Who may speak to the endpoint: hosts that tell their addresses, and readers. */
export function defineHost(host: Command, surroundings: Surroundings): void {
  addAdd(host, surroundings);
  addRotate(host, surroundings);
  addList(host, surroundings);
  addRemove(host, surroundings);
}

function addAdd(host: Command, surroundings: Surroundings): void {
  declare(host.command('add'), { examples: ['host add dc1-web', 'host add nginx --read'], result: HOST_TOKEN })
    .description('make the token of a host of the configuration, or of a reader; it is shown this once')
    .argument('<name>', 'the id of the host, or a name for the reader')
    .option('--read', 'a token that reads the members of roles, and can do nothing else')
    .action(async (name: string, { read = false }: { readonly read?: boolean }, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      announceWrite(surroundings, target);
      const { addToken } = await import('../reconcile/host-tokens.ts');
      const data = await addToken(name, read ? 'read' : 'update', await newSecret(), target);
      printToken(surroundings, output, data);
    });
}

function addRotate(host: Command, surroundings: Surroundings): void {
  declare(host.command('rotate'), { examples: ['host rotate dc1-web'], result: HOST_TOKEN })
    .description('make another token in place of the one before, which no longer works from then on')
    .argument('<name>', 'a host or reader with a token')
    .action(async (name: string, _flags: object, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      announceWrite(surroundings, target);
      const { rotateToken } = await import('../reconcile/host-tokens.ts');
      const data = await rotateToken(name, await newSecret(), target);
      printToken(surroundings, output, data);
    });
}

function addList(host: Command, surroundings: Surroundings): void {
  declare(host.command('list'), { examples: ['host list', 'host list --json'], result: HOST_LIST })
    .description('list hosts and readers: their state, addresses, last update, and when they expire')
    .action(async (_flags: object, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const { tokenHolders } = await import('../reconcile/host-tokens.ts');
      const { holders, ...endpoint } = await tokenHolders(target);
      const data = { ...endpoint, hosts: holders.map(listed) };
      printResult(surroundings, { ...output, data }, (list) => listLines(list, target.clock.now()));
    });
}

function addRemove(host: Command, surroundings: Surroundings): void {
  declare(host.command('remove'), { examples: ['host remove dc1-web'], result: HOST_REMOVED })
    .description('end a token; a host leaves its roles at once')
    .argument('<name>', 'a host or reader with a token')
    .action(async (name: string, _flags: object, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      announceWrite(surroundings, target);
      const { removeTokenOf } = await import('../reconcile/host-tokens.ts');
      const data = await removeTokenOf(name, target);
      printResult(surroundings, { ...output, data }, () => [`${name} has no token any more.`]);
    });
}

async function newSecret(): Promise<Uint8Array> {
  const [{ randomBytes }, { SECRET_BYTES }] = await Promise.all([import('node:crypto'), import('../model/token.ts')]);
  return randomBytes(SECRET_BYTES);
}

/** The token alone is data, to be sent into a file. */
function printToken(surroundings: Surroundings, output: { json: boolean; command: string }, data: MadeToken): void {
  printResult(surroundings, { ...output, data }, ({ token }) => [token]);
  if (!output.json) surroundings.stderr(`${howToUse(data)}\n`);
}

function howToUse({ name, use, endpointUrl }: MadeToken): string {
  const where = endpointUrl ?? 'the endpoint, which the stack does not have: deploy with endpoint: true';
  const how =
    use === 'update'
      ? `dyndns2 at ${where}, login ${name}, this token as the password.`
      : `GET v1/roles/<role> at ${where}, with "Authorization: Bearer" and this token.`;
  return `Shown this once; only its hash is kept. ${how}`;
}

type HostRow = v.InferOutput<typeof HOST_LIST>['hosts'][number];

function listed(holder: TokenHolder): HostRow {
  const { name, use, roles, state, addresses, createdAtMs, lastToldAtMs, expiresAtMs } = holder;
  return {
    name,
    use,
    roles: [...roles],
    state,
    addresses: [...addresses],
    ...(createdAtMs === undefined ? {} : { created: iso(createdAtMs) }),
    ...(lastToldAtMs === undefined ? {} : { lastUpdate: iso(lastToldAtMs) }),
    ...(expiresAtMs === undefined ? {} : { expires: iso(expiresAtMs) }),
  };
}

function listLines({ endpointUrl, hosts }: v.InferOutput<typeof HOST_LIST>, nowMs: number): string[] {
  const rows = hosts.map(({ name, use, roles, state, addresses, created, lastUpdate, expires }) => [
    name,
    use === 'read' ? 'reads roles' : `${state} in ${roles.join(', ')}`,
    addresses.join(' '),
    lastUpdate === undefined ? '' : `updated ${ago(nowMs - Date.parse(lastUpdate))} ago`,
    expires === undefined ? '' : `expires in ${ago(Date.parse(expires) - nowMs)}`,
    created === undefined ? 'no token' : `token of ${created.slice(0, 10)}`,
  ]);
  const where = `endpoint: ${endpointUrl ?? 'none; deploy with endpoint: true to have one'}`;
  return rows.length === 0 ? [where, 'No hosts and no readers.'] : [where, ...columns(rows)];
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
