import * as v from 'valibot';
import type { Origin } from './observation.ts';
import { account, name, read, region, text } from './shape.ts';

/** What every event of EventBridge has ("Events in Amazon EventBridge", Amazon EventBridge User Guide). */
const HEADER = v.object({ 'detail-type': name, source: name }, 'an event of EventBridge, or a message of Rolecall');

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
const time = v.pipe(
  text('a time in UTC such as "2021-11-11T21:29:54Z"', UTC),
  v.check((written) => Number.isFinite(Date.parse(written)), 'a time that exists'),
  v.transform((written) => Date.parse(written)),
);

const ORIGIN = v.object({ account, region, time });

/** The two fields that tell what an event is. */
export function headerOf(body: unknown): { readonly detailType: string; readonly source: string } {
  const header = read('a message', HEADER, body);
  return { detailType: header['detail-type'], source: header.source };
}

/** Reads an event's `detail` and, where the schema names them, its `resources`, together with its origin. */
export function readEvent<Entries extends v.ObjectEntries>(
  what: string,
  entries: Entries,
  body: unknown,
): { readonly origin: Origin; readonly event: v.InferOutput<v.ObjectSchema<Entries, undefined>> } {
  const { time: atMs, ...where } = read(what, ORIGIN, body);
  const event = read(what, v.object(entries), body);
  return { origin: { atMs, ...where }, event };
}
