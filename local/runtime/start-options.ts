import { parseArgs } from 'node:util';
import { DEMOS, type Demo } from '../demo.ts';

export interface StartOptions {
  readonly json: boolean;
  readonly demo: Demo;
  readonly port: number;
  readonly dnsPort: number;
  readonly urlPort: number;
  /** A configuration of the user's; the demo's when left out. */
  readonly config?: string;
  readonly help: boolean;
}

export const HELP = `Runs Rolecall in an AWS account of its own on this machine: only loopback, no Docker, no credentials.

Usage: npm start -- [options]

  --demo none|small   the fleet to begin with (small)
  --config FILE       a configuration of yours instead of the demo's; then no fleet is launched
  --port N            of the AWS endpoint; the next free one when taken (4600)
  --dns-port N        of the DNS server, UDP and TCP; the next free one when taken (5300)
  --url-port N        of the endpoint for hosts, if the configuration has one; the next free one when taken (4680)
  --json              one JSON object a line
  --help

Examples:
  $ npm start
  $ npm start -- --port 4700 --dns-port 5400
  $ npm start -- --config rolecall.config.ts
  $ npm start -- --json --demo none
`;

const FLAGS = {
  json: { type: 'boolean', default: false },
  demo: { type: 'string' },
  port: { type: 'string', default: '4600' },
  'dns-port': { type: 'string', default: '5300' },
  'url-port': { type: 'string', default: '4680' },
  config: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** @throws Error with a message for the user. */
export function parseOptions(args: readonly string[]): StartOptions {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  if (values.config !== undefined && values.demo === 'small') {
    throw new Error("--demo small goes with the demo's own configuration: leave out --config, or say --demo none");
  }
  return {
    json: values.json,
    demo: demo(values.demo ?? (values.config === undefined ? 'small' : 'none')),
    port: port('--port', values.port),
    dnsPort: port('--dns-port', values['dns-port']),
    urlPort: port('--url-port', values['url-port']),
    ...(values.config === undefined ? {} : { config: values.config }),
    help: values.help,
  };
}

function demo(text: string): Demo {
  const found = DEMOS.find((each) => each === text);
  if (found === undefined) throw new Error(`--demo is "${text}"; it is one of ${DEMOS.join(', ')}`);
  return found;
}

function port(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new Error(`${flag} is "${text}"; it is a number from 0 to 65535, 0 for any free one`);
  }
  return value;
}
