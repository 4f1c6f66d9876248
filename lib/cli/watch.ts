import type { Command } from 'commander';
import { declare, opened } from './command.ts';
import { durationMs } from './duration-flag.ts';
import { RECORDED } from './history-schema.ts';
import { SCHEMA_VERSION, type Surroundings } from './surroundings.ts';

const POLL_MS = 1_000;
/** An entry carries the writer's time, and may arrive this much later. */
const OVERLAP_MS = 10_000;

interface Flags {
  readonly for?: number;
  readonly since?: number;
}

export function defineWatch(watch: Command, surroundings: Surroundings): void {
  declare(watch, {
    examples: ['watch', 'watch --json', 'watch --since 10m --for 1h'],
    result: RECORDED,
  })
    .option('--since <duration>', 'begin with what happened so long ago', durationMs)
    .option('--for <duration>', 'end by itself after so long', durationMs)
    .action(async (flags: Flags, command: Command) => {
      const { target, ...output } = await opened(surroundings, command);
      const { recorded } = await import('./history-view.ts');
      surroundings.progress?.end();
      surroundings.stderr(`Watching ${target.name}.\n`);
      const startedAtMs = target.clock.now();
      const fromMs = startedAtMs - (flags.since ?? 0);
      const untilMs = flags.for === undefined ? Number.POSITIVE_INFINITY : startedAtMs + flags.for;
      let shown = new Map<string, number>();
      let readFromMs = fromMs;
      for (;;) {
        const nowMs = target.clock.now();
        const records = await target.history.readJournal(readFromMs, nowMs);
        for (const record of records) {
          const id = JSON.stringify(record);
          if (shown.has(id)) continue;
          shown.set(id, record.atMs);
          const data = recorded(record);
          const line = output.json
            ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, command: output.command, data })
            : `${data.at} ${data.says}`;
          surroundings.stdout(`${line}\n`);
        }
        readFromMs = Math.max(fromMs, nowMs - OVERLAP_MS);
        shown = new Map([...shown].filter(([, atMs]) => atMs >= readFromMs));
        if (nowMs >= untilMs) return;
        await target.clock.sleep(POLL_MS);
      }
    });
}
