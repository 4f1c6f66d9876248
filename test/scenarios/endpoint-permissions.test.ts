import { afterEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../lib/aws/registry.ts';
import type { Configuration } from '../../lib/config/configuration.ts';
import { hashOf } from '../../lib/model/token.ts';
import { templateOf } from '../../local/simulation/template.ts';
import { World } from '../../local/simulation/world.ts';

const CONFIGURATION: Configuration = {
  zones: { pub: { name: 'example.com', id: 'Z0BBB' } },
  endpoint: true,
  roles: {
    web: {
      names: [
        { zone: 'pub', address: ['public', 'ipv6'] },
        { zone: 'pub', name: 'web-{ordinal}' },
      ],
    },
    api: 'pub',
  },
  hosts: { dc1: { roles: ['web'], expireAfter: '30m' } },
};

/** One request as IAM sees it: an action, and the partitions that it names. */
interface Need {
  readonly action: string;
  readonly partitions: readonly string[];
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Condition?: {
    readonly 'ForAllValues:StringLike'?: { readonly 'dynamodb:LeadingKeys': string | readonly string[] };
  };
}

type Keyed = Readonly<Record<string, { readonly S?: string } | undefined>>;
const partitionOf = (key: unknown): string => (key as Keyed)['pk']?.S ?? '';

/** "Permissions for Put, Update, Delete … are governed by the underlying operations" ("Using IAM with DynamoDB transactions"). */
function needsOf(operation: string, parameters: Readonly<Record<string, unknown>>): Need[] {
  const list = (value: unknown) => value as readonly Readonly<Record<string, Readonly<Record<string, unknown>>>>[];
  switch (operation) {
    case 'TransactWriteItems':
      return list(parameters['TransactItems']).flatMap((write) =>
        Object.entries(write).map(([kind, item]) => ({
          action: kind === 'ConditionCheck' ? 'dynamodb:ConditionCheckItem' : `dynamodb:${kind}Item`,
          partitions: [partitionOf(item['Item'] ?? item['Key'])],
        })),
      );
    case 'BatchGetItem': {
      const tables = Object.values(parameters['RequestItems'] as Record<string, { readonly Keys: readonly unknown[] }>);
      return [{ action: 'dynamodb:BatchGetItem', partitions: tables.flatMap(({ Keys }) => Keys.map(partitionOf)) }];
    }
    case 'Query': {
      const values = parameters['ExpressionAttributeValues'] as Keyed;
      return [{ action: 'dynamodb:Query', partitions: [values[':pk']?.S ?? ''] }];
    }
    default:
      return [{ action: `dynamodb:${operation}`, partitions: [partitionOf(parameters['Item'] ?? parameters['Key'])] }];
  }
}

function matches(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

function allows(statements: readonly Statement[], { action, partitions }: Need): boolean {
  return statements.some(({ Effect, Action, Condition }) => {
    if (Effect !== 'Allow' || ![Action].flat().includes(action)) return false;
    const patterns = [Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? []].flat();
    return partitions.length > 0 && partitions.every((each) => patterns.some((pattern) => matches(pattern, each)));
  });
}

async function policyOfUpdate(): Promise<readonly Statement[]> {
  const { Resources } = (await templateOf(CONFIGURATION)) as {
    readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: unknown }>>;
  };
  const [policy] = Object.entries(Resources)
    .filter(([id, { Type }]) => Type === 'AWS::IAM::Policy' && id.startsWith('RolecallFunctionsUpdateRole'))
    .map(([, { Properties }]) => Properties);
  return (policy as { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }).PolicyDocument.Statement;
}

let world: World;
afterEach(async () => {
  await world.closeCleanly();
});

const basic = (password: string) => ({
  headers: { authorization: `Basic ${Buffer.from(`dc1:${password}`).toString('base64')}` },
});

describe('the policy of λ update', () => {
  it('allows all that hosts and readers make it do', async () => {
    const needs: Need[] = [];
    const operations = new Set<string>();
    const writes: (() => Promise<void>)[] = [];
    world = await World.open(CONFIGURATION, {
      hooks: (kind) => ({
        before: async ({ service, operation, parameters }) => {
          if (kind !== 'Update' || service !== 'dynamodb') return;
          operations.add(operation);
          needs.push(...needsOf(operation, parameters));
          if (operation === 'TransactWriteItems') await writes.shift()?.();
        },
      }),
    });
    const table = { table: world.stack.outputs['RegistryTable'] ?? '' };
    const registry = createRegistry(world.user.dynamodb, table, world.timeline, { id: () => 'x' });
    await registry.putToken({ name: 'dc1', use: 'update', hash: hashOf('right'), createdAtMs: 0 }, true);
    await registry.putToken({ name: 'nginx', use: 'read', hash: hashOf('nginx.right'), createdAtMs: 0 }, true);
    const update = async (query: string, password = 'right') => {
      await world.advance(10);
      return (await world.request(`/nic/update?${query}`, basic(password))).body.toString();
    };

    expect(await update('hostname=web.example.com&myip=203.0.113.9', 'wrong')).toBe('badauth\n');
    expect(await update('hostname=web-1.example.com,web.example.com&myip=203.0.113.9,2001:db8::9')).toMatch(/^good/);
    expect(await update('hostname=web-1.example.com&myip=203.0.113.9')).toBe('nochg 203.0.113.9\n');
    expect(await update('hostname=web.example.com&offline=YES')).toBe('good\n');
    // Another writes the fact between its read and its write: it is read again.
    writes.push(async () => {
      const { installation, facts } = await registry.readFacts(['dc1']);
      const [fact] = facts;
      expect(installation).toBeDefined();
      if (fact !== undefined) await registry.saveFacts([unchanged(fact)]);
    });
    expect(await update('hostname=web.example.com&myip=203.0.113.10')).toMatch(/^good/);
    const reader = { headers: { authorization: 'Bearer nginx.right' } };
    expect((await world.request('/v1/roles/web', reader)).status).toBe(200);

    const policy = await policyOfUpdate();
    expect([...operations].sort()).toEqual(['BatchGetItem', 'Query', 'TransactWriteItems', 'UpdateItem']);
    expect(needs.map(({ action }) => action)).toEqual(expect.arrayContaining(['dynamodb:DeleteItem']));
    expect(needs.filter((need) => !allows(policy, need))).toEqual([]);
  });

  it.each([
    ['dynamodb:PutItem', ['tokens']],
    ['dynamodb:UpdateItem', ['tokens']],
    ['dynamodb:DeleteItem', ['tokens']],
    ['dynamodb:Query', ['tokens']],
    ['dynamodb:Query', ['facts']],
    ['dynamodb:PutItem', ['installation']],
    ['dynamodb:PutItem', ['journal#2026-01-05']],
    ['dynamodb:DeleteItem', ['sweep']],
    ['dynamodb:BatchGetItem', ['tokens', 'journal#2026-01-05']],
    ['dynamodb:Scan', ['tokens']],
  ])('does not allow %s on %j', async (action, partitions) => {
    world = await World.open(CONFIGURATION);
    expect(allows(await policyOfUpdate(), { action, partitions })).toBe(false);
  });
});

type Saved = Parameters<ReturnType<typeof createRegistry>['saveFacts']>[0][number];

function unchanged(fact: Saved['after']): Saved {
  return { before: fact, after: fact, members: [], removedRoles: [], marks: [] };
}
