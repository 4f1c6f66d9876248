import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../local/runtime/start-options.ts';

describe('the options of npm start', () => {
  it('stand for the demo on the usual ports when none is given', () => {
    expect(parseOptions([])).toEqual({
      json: false,
      demo: 'small',
      port: 4600,
      dnsPort: 5300,
      urlPort: 4680,
      help: false,
    });
  });

  it('launch no fleet for a configuration that is not the demo', () => {
    expect(parseOptions(['--config', 'roles.json', '--json'])).toMatchObject({
      config: 'roles.json',
      demo: 'none',
      json: true,
    });
  });

  it.each([
    [['--demo', 'huge'], '--demo is "huge"; it is one of none, small'],
    [['--port', 'http'], '--port is "http"; it is a number from 0 to 65535'],
    [['--dns-port', '65536'], '--dns-port is "65536"; it is a number from 0 to 65535'],
    [['--verbose'], "Unknown option '--verbose'"],
    [['web'], "Unexpected argument 'web'"],
    [['--demo', 'small', '--config', 'roles.json'], "--demo small goes with the demo's own configuration"],
  ])('refuse %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
