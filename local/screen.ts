import type { JournalEntry } from '../lib/model/journal.ts';
import { renderEntry } from '../lib/plan/render.ts';

export interface ScreenOptions {
  /** One JSON object a line, instead of lines for people. */
  readonly json: boolean;
  readonly colour: boolean;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** Where the account is, once it is there. */
export interface Ready {
  readonly endpoint: string;
  readonly dns: { readonly address: string; readonly port: number };
  readonly region: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Where hosts outside EC2 tell their addresses. */
  readonly endpointUrl?: string;
  /** To the DNS server, each with an answer. */
  readonly questions: readonly { readonly name: string; readonly type: string }[];
}

/** What `npm start` prints: changes and how to try them on stdout, everything else on stderr. */
export class Screen {
  readonly #options: ScreenOptions;

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  entry(entry: JournalEntry, atMs: number): void {
    const { json, colour, stdout } = this.#options;
    if (json) {
      stdout(`${JSON.stringify({ time: new Date(atMs).toISOString(), ...entry })}\n`);
      return;
    }
    const offsetMs = new Date(atMs).getTimezoneOffset() * 60_000;
    stdout(`${renderEntry(entry, { colour, timeMs: atMs - offsetMs })}\n`);
  }

  ready(ready: Ready): void {
    const { json, stdout } = this.#options;
    if (json) {
      stdout(`${JSON.stringify({ time: new Date().toISOString(), kind: 'ready', ...ready })}\n`);
      return;
    }
    const { endpoint, dns, questions, region, endpointUrl } = ready;
    const [{ name, type } = { name: '.', type: 'SOA' }] = questions;
    const lines = [
      '',
      `Ready: an AWS account of your own at ${endpoint}, region ${region}, any credentials. Try, in another terminal:`,
      `  dig @${dns.address} -p ${dns.port} ${name}${type === 'A' ? '' : ` ${type}`}`,
      `  aws --endpoint-url ${endpoint} ec2 describe-instances`,
      '  npx rolecall status',
      '  npx rolecall sim launch web',
      '  npx rolecall sim terminate web',
      ...(endpointUrl === undefined
        ? []
        : [`  Hosts tell their addresses at ${endpointUrl}nic/update; npx rolecall host add gives them a token.`]),
      'Changes appear here as they are made. Ctrl-C ends it all.',
      '',
    ];
    stdout(`${lines.join('\n')}\n`);
  }

  progress(line: string): void {
    this.#options.stderr(`${line}\n`);
  }

  /** What a function or the account itself had to complain about. */
  problem(line: string): void {
    this.#options.stderr(`! ${line}\n`);
  }
}
