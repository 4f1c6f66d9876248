import * as v from 'valibot';
import { ADDRESSES_GROUP, DRAINS_GROUP } from '../model/zone.ts';
import type { Ignored, ReadAgainRequest, Wake } from './observation.ts';
import { count, instanceId, read } from './shape.ts';

/** A hosted zone's id ("ChangeResourceRecordSets", Amazon Route 53 API Reference: at most 32 characters). */
const ZONE_ID = /^[A-Z0-9]{1,32}$/;

const WAKE = v.object({
  group: v.pipe(
    v.string('a hosted zone id, "addresses" or "drains"'),
    v.check(
      (group) => group === ADDRESSES_GROUP || group === DRAINS_GROUP || ZONE_ID.test(group),
      'a hosted zone id, "addresses" or "drains"',
    ),
  ),
  attempt: count,
});

const READ_AGAIN = v.object({
  instanceIds: v.pipe(v.array(instanceId, 'a list of instance ids'), v.minLength(1, 'at least one instance id')),
  attempt: count,
});

/** The `kind` of a message that Rolecall's Lambdas send to each other; undefined for everything else. */
export function ownKind(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || 'detail-type' in body || !('kind' in body)) return undefined;
  return typeof body.kind === 'string' ? body.kind : undefined;
}

/**
 * A message of our own. A kind that is not known here comes from another version during a deployment, and is ignored.
 *
 * ```json
 * {"kind":"wake","group":"Z0AAA","attempt":0}
 * {"kind":"read-again","instanceIds":["i-0123456789abcdef0"],"attempt":1}
 * ```
 */
export function parseOwnMessage(kind: string, body: unknown): Wake | ReadAgainRequest | Ignored {
  switch (kind) {
    case 'wake':
      return { kind, ...read('wake', WAKE, body) };
    case 'read-again':
      return { kind, ...read('read-again', READ_AGAIN, body) };
    default:
      return { kind: 'ignored', what: `a message of kind ${kind}` };
  }
}
