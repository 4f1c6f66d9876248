import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface EndpointProps {
  /** Answers the requests. */
  readonly update: lambda.Function;
}

/**
 * The Function URL for hosts and renderers. Their clients sign nothing for IAM, so everyone may call it and λ update
 * itself asks for a token. Buffered: ddclient 3.10 reads no chunks.
 *
 * "Starting in October 2025, new function URLs will require both lambda:InvokeFunctionUrl and lambda:InvokeFunction
 * permissions" ("Control access to Lambda function URLs", AWS Lambda Developer Guide): the second only through the URL.
 */
export class Endpoint extends Construct {
  /** Ends in `/`. */
  readonly url: string;

  constructor(scope: Construct, id: string, { update }: EndpointProps) {
    super(scope, id);
    const url = new lambda.FunctionUrl(this, 'Url', {
      function: update,
      authType: lambda.FunctionUrlAuthType.NONE,
      invokeMode: lambda.InvokeMode.BUFFERED,
    });
    this.url = url.url;
  }
}
