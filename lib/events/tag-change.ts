import * as v from 'valibot';
import { InvalidInput } from '../model/errors.ts';
import { readEvent } from './envelope.ts';
import type { AddressTagChange, Ignored, InstanceTagChange } from './observation.ts';
import { count, INSTANCE_ARN, name } from './shape.ts';

export const TAG_CHANGE = 'Tag Change on Resource';

const KIND = { detail: v.object({ service: name, 'resource-type': name }) };

const ENTRIES = {
  resources: v.strictTuple([name], 'the one ARN of what was tagged'),
  detail: v.object({
    'changed-tag-keys': v.array(name, 'a list of tag keys'),
    tags: v.record(v.string(), v.string('a text'), 'the tags by their keys'),
    version: count,
  }),
};

const ADDRESS_ARN = /^arn:[a-z-]+:ec2:[a-z0-9-]*:\d*:elastic-ip\/(eipalloc-[0-9a-f]{8,17})$/;

/**
 * "Monitor tag changes with serverless workflows and Amazon EventBridge", Tagging AWS Resources and Tag Editor. `tags`
 * are all tags after the change: a removed key is in `changed-tag-keys` alone.
 *
 * ```json
 * {"version":"0","id":"bddcf1d6-0251-35a1-aab0-adc1fb47c11c","detail-type":"Tag Change on Resource",
 *  "source":"aws.tag","account":"123456789012","time":"2018-09-18T20:41:38Z","region":"us-east-1",
 *  "resources":["arn:aws:ec2:us-east-1:123456789012:instance/i-0000000aaaaaaaaaa"],
 *  "detail":{"changed-tag-keys":["a-new-key","an-updated-key","a-deleted-key"],
 *   "tags":{"a-new-key":"tag-value-on-new-key","an-updated-key":"tag-value-was-just-changed"},
 *   "service":"ec2","resource-type":"instance","version":3}}
 * ```
 */
export function parseTagChange(body: unknown): InstanceTagChange | AddressTagChange | Ignored {
  const { service, 'resource-type': type } = readEvent(TAG_CHANGE, KIND, body).event.detail;
  const isInstance = type === 'instance';
  if (service !== 'ec2' || (!isInstance && type !== 'elastic-ip')) {
    return { kind: 'ignored', what: `${TAG_CHANGE}: ${service} ${type}` };
  }
  const { origin, event } = readEvent(TAG_CHANGE, ENTRIES, body);
  const id = idIn(event.resources[0], isInstance ? INSTANCE_ARN : ADDRESS_ARN, type);
  const { tags, version, 'changed-tag-keys': changedKeys } = event.detail;
  return isInstance
    ? { kind: 'tags-changed', instanceId: id, tags, changedKeys, version, ...origin }
    : { kind: 'address-tags-changed', allocationId: id, tags, changedKeys, version, ...origin };
}

function idIn(arn: string, pattern: RegExp, type: string): string {
  const id = pattern.exec(arn)?.[1];
  if (id !== undefined) return id;
  throw new InvalidInput(
    `${TAG_CHANGE}: resources.0 is ${JSON.stringify(arn)}, allowed: the ARN of an ${type}. It is not used; the next sweep finds what it would have told.`,
  );
}
