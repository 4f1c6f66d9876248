import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { RolecallError } from '../model/errors.ts';
import { readControlFile } from './control-file.ts';
import { localClientSettings } from './local-target.ts';
import type { Surroundings } from './surroundings.ts';

/** What any client of the SDK is built with to reach the target. */
export type ClientSettings = Pick<
  DynamoDBClientConfig,
  'region' | 'endpoint' | 'credentials' | 'profile' | 'maxAttempts' | 'requestHandler' | 'retryStrategy'
>;

export const OUTPUTS = ['RegistryTable', 'EventsQueue', 'WorkQueue', 'LaterQueue'] as const;

/** The installation that a command speaks to. */
export interface TargetAddress {
  readonly kind: 'local' | 'aws';
  /** For people: account, region and stack, or where the local account is. */
  readonly name: string;
  /** The AWS account's number. */
  readonly account: string;
  readonly region: string;
  /** The stack's outputs: the table's name, and the queues' URLs. */
  readonly outputs: Readonly<Record<(typeof OUTPUTS)[number], string>>;
  readonly settings: ClientSettings;
}

/** The flags that choose the target; every command that has one takes them. */
export interface TargetFlags {
  readonly stack?: string;
  readonly profile?: string;
  readonly region?: string;
}

export const DEFAULT_STACK = 'Rolecall';

const NO_CREDENTIALS = 'no-credentials';

/**
 * The local account that runs in this folder, unless `--profile`, `--region`, `--stack` or `AWS_PROFILE` says AWS.
 *
 * @throws RolecallError: `no-credentials`, `no-stack`, or what AWS answered.
 */
export async function findTarget(surroundings: Surroundings, flags: TargetFlags): Promise<TargetAddress> {
  if (surroundings.target !== undefined) return surroundings.target;
  const { stack, profile, region } = flags;
  const namesAws = [stack, profile, region, surroundings.environment['AWS_PROFILE'] || undefined].some(
    (given) => given !== undefined,
  );
  const local = namesAws ? undefined : await readControlFile(surroundings.folder);
  if (local === undefined) return await deployedStack(flags);
  return {
    kind: 'local',
    name: `the local account at ${local.endpoint}`,
    account: '123456789012',
    region: local.region,
    outputs: local.outputs,
    settings: localClientSettings(local),
  };
}

async function deployedStack({ stack = DEFAULT_STACK, profile, region }: TargetFlags): Promise<TargetAddress> {
  const { CloudFormationClient, DescribeStacksCommand } = await import('./sdk/cloudformation.ts');
  const settings: ClientSettings = {
    ...(profile === undefined ? {} : { profile }),
    ...(region === undefined ? {} : { region }),
  };
  const client = new CloudFormationClient(settings);
  try {
    const used = await client.config.region();
    const [found] = (await client.send(new DescribeStacksCommand({ StackName: stack }))).Stacks ?? [];
    const account = found?.StackId?.split(':')[4] ?? '';
    const given = new Map(found?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    return {
      kind: 'aws',
      name: `account ${account}, region ${used}, stack ${stack}`,
      account,
      region: used,
      outputs: {
        RegistryTable: outputOf(given, 'RegistryTable', stack),
        EventsQueue: outputOf(given, 'EventsQueue', stack),
        WorkQueue: outputOf(given, 'WorkQueue', stack),
        LaterQueue: outputOf(given, 'LaterQueue', stack),
      },
      settings: { ...settings, region: used },
    };
  } catch (error) {
    throw asTold(error, stack);
  } finally {
    client.destroy();
  }
}

function outputOf(
  given: ReadonlyMap<string | undefined, string | undefined>,
  output: (typeof OUTPUTS)[number],
  stack: string,
): string {
  const value = given.get(output);
  if (value !== undefined) return value;
  throw new RolecallError(
    'no-stack',
    `the stack ${stack} has no output ${output}: it is no stack of Rolecall, or its deploy did not end well; name another with --stack`,
  );
}

/** Codes of credentials that are missing, expired or unknown ("Common Errors" of the AWS API References). */
const CREDENTIAL_ERRORS = [
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'MissingAuthenticationToken',
  'TokenProviderError',
  'UnrecognizedClientException',
];

/** Whether there are no usable credentials, or not even a region: no account is reached at all. */
export function lacksCredentials(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof RolecallError && error.code === NO_CREDENTIALS) return true;
  return (
    CREDENTIAL_ERRORS.includes(error.name) || error.message === 'Region is missing' || lacksCredentials(error.cause)
  );
}

function asTold(error: unknown, stack: string): unknown {
  if (!(error instanceof Error) || error instanceof RolecallError) return error;
  if (lacksCredentials(error)) {
    return new RolecallError(
      NO_CREDENTIALS,
      `no AWS account is reached (${error.message}): give --profile and --region, or set AWS_PROFILE; for the local account run npm start in this folder`,
      { cause: error },
    );
  }
  if (error.name === 'ValidationError' && error.message.includes('does not exist')) {
    return new RolecallError(
      'no-stack',
      `there is no stack ${stack} here: deploy it, or name another with --stack, --profile or --region`,
      { cause: error },
    );
  }
  return error;
}
