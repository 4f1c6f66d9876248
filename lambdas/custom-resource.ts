import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** The same for every request: CloudFormation would take another id for a replacement, and delete the old one. */
const PHYSICAL_RESOURCE_ID = 'rolecall-configuration';
const MAX_REASON_CHARACTERS = 1_000;
const TRIES = 3;

export type Answer =
  | { readonly status: 'SUCCESS'; readonly attributes?: Readonly<Record<string, string>> }
  | { readonly status: 'FAILED'; readonly reason: string };

/** Answers CloudFormation ("Custom resource response objects", AWS CloudFormation User Guide), over http or https as given. */
export async function answer(event: CloudFormationCustomResourceEvent, { status, ...rest }: Answer): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  const reason = 'reason' in rest ? { Reason: rest.reason.slice(0, MAX_REASON_CHARACTERS) } : {};
  const data = 'attributes' in rest ? { Data: rest.attributes } : {};
  const body = JSON.stringify({
    Status: status,
    ...reason,
    ...data,
    PhysicalResourceId: PHYSICAL_RESOURCE_ID,
    StackId,
    RequestId,
    LogicalResourceId,
  });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await put(new URL(ResponseURL), body);
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}

function put(url: URL, body: string): Promise<void> {
  const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
  // The presigned address is signed for an empty content type.
  const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const outgoing = send(url, { method: 'PUT', headers }, (response) => {
      response.resume();
      response.on('end', () => {
        const code = response.statusCode ?? 0;
        if (code < 300) resolve();
        else reject(new Error(`CloudFormation's answer address said ${code}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
