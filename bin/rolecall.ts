import { run } from '../lib/cli/program.ts';

process.exitCode = await run({
  arguments: process.argv.slice(2),
  folder: process.cwd(),
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
});
