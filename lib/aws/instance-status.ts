import { type EC2Client, type InstanceStatus, paginateDescribeInstanceStatus } from '@aws-sdk/client-ec2';
import { ServiceFailure } from '../model/errors.ts';
import type { StatusVerdict } from '../model/health.ts';
import { failureOf } from './error-codes.ts';

/** The largest page of DescribeInstanceStatus (Amazon EC2 API Reference). */
const PAGE_SIZE = 1_000;
const MAX_PAGES = 1_000;

/**
 * The status checks of every running instance, all pages or a `ServiceFailure`. Without ids: those take 100 a call, and
 * one unknown among them fails it.
 */
export async function readStatuses(client: EC2Client): Promise<ReadonlyMap<string, StatusVerdict>> {
  const found = new Map<string, StatusVerdict>();
  let pages = 0;
  try {
    for await (const page of paginateDescribeInstanceStatus({ client, pageSize: PAGE_SIZE }, {})) {
      for (const status of page.InstanceStatuses ?? []) {
        if (status.InstanceId) found.set(status.InstanceId, verdictOf(status));
      }
      pages += 1;
      if (pages === MAX_PAGES && page.NextToken) {
        throw new ServiceFailure('invalid', `DescribeInstanceStatus goes on after ${MAX_PAGES} pages`);
      }
    }
  } catch (error) {
    throw failureOf(error);
  }
  return found;
}

/**
 * One `impaired` is enough: of the system, of the instance, or of the volumes attached to it, as in the metric
 * StatusCheckFailed ("Status checks for Amazon EC2 instances"). An `ok` takes all of them; what does not apply says nothing.
 */
function verdictOf({ SystemStatus, InstanceStatus, AttachedEbsStatus }: InstanceStatus): StatusVerdict {
  const told = [SystemStatus?.Status, InstanceStatus?.Status, AttachedEbsStatus?.Status].filter(
    (status) => status !== undefined && status !== 'not-applicable',
  );
  if (told.includes('impaired')) return 'impaired';
  return told.length > 0 && told.every((status) => status === 'ok') ? 'ok' : undefined;
}
