import { run } from '../lib/cli/program.ts';

// Which Node runs the SDK is settled by the versions in package.json, not by who reads this command's output.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/** A terminal may say that it has no columns. */
const WIDTH_UNKNOWN = 80;

// Who reads the output may have enough of it, such as `head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

/** Awaited by nobody: CommonJS, which the bundle is, waits at no top level. */
async function main(): Promise<void> {
  process.exitCode = await run({
    arguments: process.argv.slice(2),
    folder: process.cwd(),
    environment: process.env,
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    clock: {
      now: () => Date.now(),
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    },
    terminal: {
      isStdoutTerminal: process.stdout.isTTY,
      ...(process.stderr.isTTY && process.env['TERM'] !== 'dumb'
        ? { stderrColumns: process.stderr.columns || WIDTH_UNKNOWN }
        : {}),
      every: (milliseconds, tick) => {
        const timer = setInterval(tick, milliseconds).unref();
        return () => clearInterval(timer);
      },
    },
    // A configuration may be a module or, where no package.json says so, CommonJS: this lets Node 20 read both.
    readTypeScript: async () => {
      // @ts-expect-error -- What is imported for its effect alone has no types.
      await import('tsx');
    },
    random: { id: () => globalThis.crypto.randomUUID() },
  });
}

void main();
