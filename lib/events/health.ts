import * as v from 'valibot';
import { readEvent } from './envelope.ts';
import type { HealthNotice, Ignored } from './observation.ts';
import { account, INSTANCE_ARN, isInstanceId, name, oneOf, region, text } from './shape.ts';

export const HEALTH_NOTICE = 'AWS Health Event';

const SERVICE = { detail: v.object({ service: name }) };

/** Not ISO 8601: "Thu, 27 Aug 2026 13:19:03 GMT". */
const RFC1123 = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
const date = v.pipe(
  text('a date such as "Thu, 27 Aug 2026 13:19:03 GMT"', RFC1123),
  v.check((written) => Number.isFinite(Date.parse(written)), 'a date that exists'),
  v.transform((written) => Date.parse(written)),
);

const page = v.pipe(text('a page number from "1"', /^[1-9]\d{0,5}$/), v.transform(Number));

const ENTRIES = {
  detail: v.object({
    eventTypeCode: name,
    statusCode: oneOf(['open', 'closed', 'upcoming']),
    communicationId: name,
    startTime: v.optional(date),
    eventRegion: v.optional(region),
    affectedAccount: v.optional(account),
    affectedEntities: v.optional(v.array(v.object({ entityValue: v.string('a text') }), 'a list of entities'), []),
    page: v.optional(page, '1'),
    totalPages: v.optional(page, '1'),
    backupEvent: v.optional(oneOf(['true', 'false']), 'false'),
  }),
};

/**
 * "Reference: AWS Health events Amazon EventBridge schema", AWS Health User Guide. An entity is a bare instance id in
 * older notices and an ARN in newer ones; `resources` may be missing; pages and flags are texts.
 *
 * ```json
 * {"version":"0","id":"7bf73129-1428-4cd3-a780-95db273d1602","detail-type":"AWS Health Event","source":"aws.health",
 *  "account":"123456789012","time":"2026-01-27T01:43:21Z","region":"us-east-1",
 *  "detail":{"service":"EC2","eventTypeCode":"AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED","statusCode":"open",
 *   "communicationId":"1234abc01232a4012345678-1","startTime":"Thu, 27 Aug 2026 13:19:03 GMT","eventRegion":"us-east-1",
 *   "affectedEntities":[{"entityValue":"arn:aws:ec2:us-east-1:123456789012:instance/i-1234567890abcdef0"}],
 *   "affectedAccount":"123456789012","page":"1","totalPages":"1","backupEvent":"false"}}
 * ```
 */
export function parseHealthNotice(body: unknown): HealthNotice | Ignored {
  const { service } = readEvent(HEALTH_NOTICE, SERVICE, body).event.detail;
  if (service !== 'EC2') return { kind: 'ignored', what: `${HEALTH_NOTICE}: ${service}` };
  const { origin, event } = readEvent(HEALTH_NOTICE, ENTRIES, body);
  const { detail } = event;
  return {
    kind: 'health',
    instanceIds: [...new Set(detail.affectedEntities.flatMap(({ entityValue }) => instanceIn(entityValue)))],
    eventTypeCode: detail.eventTypeCode,
    ...(detail.startTime === undefined ? {} : { startsAtMs: detail.startTime }),
    statusCode: detail.statusCode,
    communicationId: detail.communicationId,
    page: detail.page,
    totalPages: detail.totalPages,
    backup: detail.backupEvent === 'true',
    atMs: origin.atMs,
    account: detail.affectedAccount ?? origin.account,
    region: detail.eventRegion ?? origin.region,
  };
}

function instanceIn(entity: string): string[] {
  const id = INSTANCE_ARN.exec(entity)?.[1] ?? entity;
  return isInstanceId(id) ? [id] : [];
}
