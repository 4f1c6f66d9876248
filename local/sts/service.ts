import type { Service, WireResponse } from '../wire.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

export interface StsSettings {
  readonly account: string;
  readonly newId: () => string;
}

/** STS as far as clients ask it who they are: GetCallerIdentity, in the query protocol. */
export function createSts({ account, newId }: StsSettings): { service: Service } {
  const service: Service = {
    name: 'sts',
    operationOf: ({ body }) => new URLSearchParams(body).get('Action') ?? undefined,
    handle: async (operation) => {
      if (operation !== 'GetCallerIdentity') {
        return refusal(
          400,
          'UnsupportedOperation',
          `The local account has no STS operation ${operation}; it has GetCallerIdentity`,
          newId(),
        );
      }
      return xml(
        200,
        `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult>` +
          `<Arn>arn:aws:iam::${account}:root</Arn><UserId>${account}</UserId><Account>${account}</Account>` +
          `</GetCallerIdentityResult><ResponseMetadata><RequestId>${newId()}</RequestId></ResponseMetadata>` +
          '</GetCallerIdentityResponse>',
      );
    },
    failure: (status, code, message) => refusal(status, code, message, newId()),
  };
  return { service };
}

function refusal(status: number, code: string, message: string, requestId: string): WireResponse {
  const type = status < 500 ? 'Sender' : 'Receiver';
  return xml(
    status,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${type}</Type><Code>${escaped(code)}</Code>` +
      `<Message>${escaped(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  );
}

function xml(status: number, body: string): WireResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
