import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropPlainErrors, foldComputedKeys, schemaFold } from '../../scripts/bundle/schema-fold.ts';

describe('the schema fold', () => {
  it('writes a computed key as the constant behind it', () => {
    expect(foldComputedKeys('const _xN = "xmlName";\nexport var A = { [_xN]: _m };')).toBe(
      'const _xN = "xmlName";\nexport var A = { "xmlName": _m };',
    );
  });

  it('leaves a key that is no constant of the file', () => {
    expect(foldComputedKeys('export var A = { [_xN]: 1 };')).toBe('export var A = { [_xN]: 1 };');
  });

  it('leaves what only looks like one', () => {
    const source = 'const _a = "x";\nexport var A = [_a];\nexport var B = t[_a];';
    expect(foldComputedKeys(source)).toBe(source);
  });

  it('leaves the one name that means something else when it is written out', () => {
    const source = 'const _p = "__proto__";\nexport var A = { [_p]: 1 };';
    expect(foldComputedKeys(source)).toBe(source);
  });
});

describe.each(['client-auto-scaling', 'client-dynamodb', 'client-ec2', 'client-route-53', 'client-sqs'])(
  'the schemas of %s',
  (client) => {
    const entry = createRequire(import.meta.url).resolve(`@aws-sdk/${client}`);
    const schemas = join(dirname(entry), '../dist-es/schemas');

    it('have computed keys, and none is left after the fold', async () => {
      const files = (await readdir(schemas)).filter((file) => /^schemas_\d+\.js$/.test(file));
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) {
        const source = await readFile(join(schemas, file), 'utf8');
        expect(source).toMatch(/\[_\w+\]:/);
        expect(foldComputedKeys(source)).not.toMatch(/\[_\w+\]:/);
      }
    });

    it('mean the same after it', async () => {
      const plain = await tablesOf(join(schemas, 'schemas_0.js'), `${client}-plain.mjs`, []);
      const folded = await tablesOf(join(schemas, 'schemas_0.js'), `${client}-folded.mjs`, [schemaFold]);
      expect(Object.keys(plain).length).toBeGreaterThan(20);
      expect(folded).toEqual(plain);
    });
  },
);

const MODELLED = `export var Gone$ = [-3, n0, _G,
    { [_e]: _c, [_hE]: 404 },
    [_m],
    [0]
];
n0_registry.registerError(Gone$, Gone);
`;

describe('an error class of a client', () => {
  it('is not looked up where it has a message only; its schema stays', () => {
    expect(dropPlainErrors(MODELLED)).toBe(MODELLED.replace('n0_registry.registerError(Gone$, Gone);\n', ''));
  });

  it('is kept where it has another member', () => {
    const richer = MODELLED.replace('[_m]', '[_m, _I]').replace('[0]', '[0, 0]');
    expect(dropPlainErrors(richer)).toBe(richer);
  });
});

describe('a refused request', () => {
  const XML = (code: string) =>
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>so it is</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
  const CALLS = [
    ['client-route-53', 'Route53Client', "new sdk.GetHostedZoneCommand({ Id: 'Z1' })", XML('NoSuchHostedZone')],
    ['client-route-53', 'Route53Client', "new sdk.GetHostedZoneCommand({ Id: 'Z1' })", XML('PriorRequestNotComplete')],
    ['client-route-53', 'Route53Client', "new sdk.GetHostedZoneCommand({ Id: 'Z1' })", XML('InvalidChangeBatch')],
    ['client-route-53', 'Route53Client', "new sdk.GetHostedZoneCommand({ Id: 'Z1' })", XML('Throttling')],
    [
      'client-dynamodb',
      'DynamoDBClient',
      "new sdk.GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } })",
      JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message: 'so it is' }),
    ],
    [
      'client-dynamodb',
      'DynamoDBClient',
      "new sdk.GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } })",
      JSON.stringify({
        __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
        Message: 'so it is',
        CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: { pk: { S: 'a' } } }],
      }),
    ],
    [
      'client-sqs',
      'SQSClient',
      "new sdk.ReceiveMessageCommand({ QueueUrl: 'http://127.0.0.1/1/q' })",
      JSON.stringify({ __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'so it is' }),
    ],
  ] as const;

  it.each(CALLS)('of %s tells the same with and without its class (%#)', async (client, name, command, body) => {
    const tell = `
      import * as sdk from '@aws-sdk/${client}';
      export async function tell(endpoint) {
        const client = new sdk.${name}({
          endpoint, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        });
        return await client.send(${command}).then(() => 'no error', (error) => ({
          name: error.name, message: error.message, fault: error.$fault, status: error.$metadata.httpStatusCode,
          reasons: error.CancellationReasons,
        }));
      }`;
    const server = createServer((_request, response) => {
      response.setHeader('content-type', body.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.0');
      response.statusCode = 400;
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    try {
      const plain = await told(tell, [], endpoint);
      expect(plain).toMatchObject({ message: 'so it is', status: 400 });
      expect(await told(tell, [schemaFold], endpoint)).toEqual(plain);
    } finally {
      server.close();
    }
  });

  let built = 0;
  async function told(contents: string, plugins: Plugin[], endpoint: string): Promise<unknown> {
    const outfile = join(folder, `tell-${(built += 1)}.mjs`);
    const stdin = { contents, resolveDir: dirname(fileURLToPath(import.meta.url)) };
    await build({ stdin, outfile, ...BUNDLED, plugins });
    const { tell } = (await import(pathToFileURL(outfile).href)) as { tell: (endpoint: string) => Promise<unknown> };
    return await tell(endpoint);
  }
});

const BUNDLED: BuildOptions = { bundle: true, platform: 'node', format: 'esm', mainFields: ['module', 'main'] };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-schemas-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Every exported table as JSON, which leaves out the references that one table has to another. */
async function tablesOf(entry: string, name: string, plugins: Plugin[]): Promise<Record<string, string>> {
  const outfile = join(folder, name);
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', plugins });
  const tables = (await import(pathToFileURL(outfile).href)) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(tables)
      .filter(([table]) => table.endsWith('$'))
      .map(([table, value]) => [table, JSON.stringify(value)]),
  );
}
