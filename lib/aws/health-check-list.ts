import { ListHealthChecksCommand, type Route53Client } from '@aws-sdk/client-route-53';
import { failureOf } from './error-codes.ts';

/** Of 100 checks each ("ListHealthChecks", Amazon Route 53 API Reference): an account has 200 unless it asked for more. */
const MOST_PAGES = 10;

/** The ids of all health checks of the account; undefined where there are too many to read. Throws `ServiceFailure`. */
export async function listHealthChecks(client: Route53Client): Promise<ReadonlySet<string> | undefined> {
  const ids = new Set<string>();
  let marker: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await readPage(client, marker);
    for (const { Id } of answer.HealthChecks ?? []) if (Id !== undefined) ids.add(Id);
    if (answer.IsTruncated !== true) return ids;
    marker = answer.NextMarker;
  }
  return undefined;
}

async function readPage(client: Route53Client, marker: string | undefined) {
  try {
    return await client.send(new ListHealthChecksCommand(marker === undefined ? {} : { Marker: marker }));
  } catch (error) {
    throw failureOf(error);
  }
}
