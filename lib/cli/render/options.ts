import { type Command, InvalidArgumentError, Option } from 'commander';
import { isDuration, secondsOf } from '../../config/duration.ts';
import { SIDES, type Side } from '../../render/rendering.ts';
import type { CommonFlags } from '../command.ts';
import { UsageError } from '../surroundings.ts';
import type { WatchTimes } from './render-loop.ts';

export interface RenderFlags extends CommonFlags {
  readonly role: readonly string[];
  readonly side: Side;
  readonly out?: string;
  readonly command?: string;
  readonly whenEmpty: 'keep' | 'write';
  readonly watch?: true;
  readonly interval: number;
  readonly wait: Pick<WatchTimes, 'quietMs' | 'atMostMs'>;
  readonly endpoint?: string;
  readonly tokenFile?: string;
}

/** What every format takes. */
export function withRenderOptions(command: Command): Command {
  return command
    .requiredOption('--role <roles...>', 'the roles whose members are written')
    .addOption(
      new Option('--side <side>', 'which addresses, and with them which names').choices(SIDES).default('private'),
    )
    .option('--out <file>', 'replace this file, in one step and only when its bytes change; else it goes to stdout')
    .option('--command <command>', 'run this after the file has changed, and only then')
    .addOption(
      new Option('--when-empty <how>', 'when nobody serves a role: keep what was written, or write that')
        .choices(['keep', 'write'])
        .default('keep'),
    )
    .option('--watch', 'go on, and follow every change')
    .option('--interval <duration>', 'how often --watch reads', milliseconds, 5_000)
    .option('--wait <quiet:most>', 'how long --watch lets changes settle', settling, {
      quietMs: 2_000,
      atMostMs: 10_000,
    })
    .option('--endpoint <url>', 'read from the endpoint of an installation instead, with --token-file', endpointUrl)
    .option('--token-file <file>', 'holds the token for --endpoint');
}

/** @throws UsageError for flags that make no sense together. */
export function checkTogether(flags: RenderFlags & { readonly upstream?: string }): void {
  const { out, watch, command, endpoint, tokenFile, upstream, role } = flags;
  if (upstream !== undefined && new Set(role).size > 1)
    throw new UsageError('--upstream is for one role: several would get the same name.');
  if (watch === true && out === undefined) throw new UsageError('--watch needs --out: the file that is to follow.');
  if (command !== undefined && out === undefined)
    throw new UsageError('--command needs --out: it runs when that file has changed.');
  if ((endpoint === undefined) !== (tokenFile === undefined))
    throw new UsageError('--endpoint and --token-file go together: the token is what the endpoint lets you in by.');
}

/** The token is sent with every request: over the network it goes encrypted, or not at all. */
function endpointUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  const isEncrypted = url?.protocol === 'https:' || (isLoopback && url.protocol === 'http:');
  if (!isEncrypted || url.username !== '' || url.password !== '')
    throw new InvalidArgumentError('It is an https:// address without a login; http:// is for this machine alone.');
  return text;
}

function milliseconds(text: string): number {
  if (!isDuration(text)) throw new InvalidArgumentError("It is a duration such as '5s' or '1m'.");
  return (secondsOf(text) ?? 0) * 1000;
}

function settling(text: string): RenderFlags['wait'] {
  const [quiet = '', most = quiet, ...rest] = text.split(':');
  if (rest.length > 0) throw new InvalidArgumentError("It is one or two durations, such as '2s:10s'.");
  const [quietMs, atMostMs] = [milliseconds(quiet), milliseconds(most)];
  if (atMostMs < quietMs) throw new InvalidArgumentError('The second duration is at least the first.');
  return { quietMs, atMostMs };
}

export function port(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
  throw new InvalidArgumentError('It is a port from 1 to 65535.');
}

/** "Module ngx_http_upstream_module" gives no rule; these characters need no quotes. */
export function upstreamName(text: string): string {
  if (/^[\w.-]{1,128}$/.test(text)) return text;
  throw new InvalidArgumentError('It is made of letters, digits, ".", "-" and "_".');
}

export function blockName(text: string): string {
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('It is made of letters, digits, ".", "-" and "_".');
}
