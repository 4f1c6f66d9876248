/**
 * Stands in for `@smithy/core/event-streams` in the bundles: the SDK loads it only for operations that answer with an
 * event stream, and none of ours does ("Event stream", Smithy specification).
 */
export function EventStreamSerde(): never {
  throw new Error('The Lambdas are bundled without event streams: see scripts/bundle/no-event-streams.ts.');
}

export const eventStreamSerdeProvider = undefined;
