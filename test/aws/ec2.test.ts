import { EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { createCompute } from '../../lib/aws/ec2.ts';
import { type Answer, broken, clientSettings, ec2Error, played, xml } from './played-wire.ts';

function computeWith(...answers: Answer[]) {
  const { sent, requestHandler } = played(...answers);
  const compute = createCompute(new EC2Client(clientSettings(requestHandler)));
  return { compute, forms: () => sent.map(({ body }) => Object.fromEntries(new URLSearchParams(body))) };
}

function answered(operation: string, body: string): Answer {
  return xml(
    200,
    `<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>8f7724cf-496f-496e-8fe3-example</requestId>${body}</${operation}Response>`,
  );
}

function instances(items: readonly string[], nextToken = ''): Answer {
  const reservations = items.map(
    (item) =>
      `<item><reservationId>r-1234567890abcdef0</reservationId><ownerId>123456789012</ownerId><instancesSet><item>${item}</item></instancesSet></item>`,
  );
  const next = nextToken === '' ? '' : `<nextToken>${nextToken}</nextToken>`;
  return answered('DescribeInstances', `<reservationSet>${reservations.join('')}</reservationSet>${next}`);
}

const TAGS =
  '<tagSet><item><key>rolecall:role</key><value>web mail</value></item><item><key>Name</key><value>web-1</value></item><item><key>rolecall:priority</key><value/></item></tagSet>';

function bare(id: string, state = 'running', more = ''): string {
  return `<instanceId>${id}</instanceId><instanceState><code>16</code><name>${state}</name></instanceState><launchTime>2026-11-21T08:00:07.000Z</launchTime>${more}`;
}

function networkInterface(deviceIndex: number, more: string): string {
  return `<item><networkInterfaceId>eni-0${deviceIndex}</networkInterfaceId><attachment><attachmentId>eni-attach-0${deviceIndex}</attachmentId><deviceIndex>${deviceIndex}</deviceIndex><status>attached</status><networkCardIndex>0</networkCardIndex></attachment>${more}</item>`;
}

function association(ip: string, owner: string): string {
  return `<association><publicIp>${ip}</publicIp><publicDnsName>ec2-x.amazonaws.com</publicDnsName><ipOwnerId>${owner}</ipOwnerId></association>`;
}

const WEB = bare(
  'i-0b2',
  'running',
  `<privateDnsName>ip-10-0-0-11.ec2.internal</privateDnsName><dnsName>ec2-203-0-113-11.compute-1.amazonaws.com</dnsName>
   <placement><availabilityZone>us-east-1a</availabilityZone></placement><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId>
   <privateIpAddress>10.0.0.11</privateIpAddress><ipAddress>203.0.113.11</ipAddress>
   <iamInstanceProfile><arn>arn:aws:iam::123456789012:instance-profile/team/web-server</arn><id>AIPA</id></iamInstanceProfile>
   ${TAGS}
   <networkInterfaceSet>
     ${networkInterface(1, `<privateIpAddress>10.0.9.9</privateIpAddress>${association('203.0.113.99', '123456789012')}<ipv6AddressesSet><item><ipv6Address>2001:db8::9</ipv6Address></item></ipv6AddressesSet>`)}
     ${networkInterface(0, `<privateIpAddress>10.0.0.11</privateIpAddress>${association('203.0.113.11', 'amazon')}<ipv6AddressesSet><item><ipv6Address>2001:db8::2</ipv6Address></item><item><ipv6Address>2001:db8::1</ipv6Address></item></ipv6AddressesSet>`)}
   </networkInterfaceSet>`,
);

describe('the description of an instance', () => {
  test('shows its primary interface, its profile by name, and our tags alone', async () => {
    const { compute } = computeWith(instances([WEB]));
    expect(await compute.describe(['i-0b2'])).toEqual([
      {
        instanceId: 'i-0b2',
        state: 'running',
        launchTimeMs: 1795248007000,
        availabilityZone: 'us-east-1a',
        vpcId: 'vpc-1',
        subnetId: 'subnet-1',
        instanceProfile: 'web-server',
        primaryInterfaceId: 'eni-00',
        privateIpv4: '10.0.0.11',
        publicIpv4: '203.0.113.11',
        ipv6: ['2001:db8::1', '2001:db8::2'],
        publicDnsName: 'ec2-203-0-113-11.compute-1.amazonaws.com',
        tags: { 'rolecall:priority': '', 'rolecall:role': 'web mail' },
      },
    ]);
  });

  test('takes the public address of the instance itself where its interface shows none', async () => {
    const unclear = '<ipAddress>203.0.113.7</ipAddress><networkInterfaceSet/>';
    const { compute } = computeWith(instances([bare('i-0b2', 'running', unclear)]));
    expect(await compute.describe(['i-0b2'])).toMatchObject([{ publicIpv4: '203.0.113.7' }]);
  });

  test('leaves out what a pending or terminated instance does not have', async () => {
    const empty = '<privateDnsName/><dnsName/><networkInterfaceSet/>';
    const { compute } = computeWith(instances([bare('i-0b2', 'terminated', empty)]));
    expect(await compute.describe(['i-0b2'])).toEqual([
      { instanceId: 'i-0b2', state: 'terminated', launchTimeMs: 1795248007000, ipv6: [], tags: {} },
    ]);
  });

  test.each([
    ['without a launch time', '<instanceId>i-0b2</instanceId><instanceState><name>running</name></instanceState>'],
    ['in an unknown state', bare('i-0b2', 'hibernating')],
    [
      'without an id',
      '<instanceState><name>running</name></instanceState><launchTime>2026-11-21T08:00:07.000Z</launchTime>',
    ],
  ])('refuses an instance %s rather than leave it out', async (_what, item) => {
    const { compute } = computeWith(instances([WEB, item]));
    await expect(compute.describeTagged()).rejects.toMatchObject({ name: 'ServiceFailure', kind: 'invalid' });
  });
});

describe('describing instances by their ids', () => {
  test('asks by a filter, which an unknown id does not fail', async () => {
    const { compute, forms } = computeWith(instances([WEB]));
    const found = await compute.describe(['i-0b2', 'i-0b1', 'i-0b2']);
    expect(found.map(({ instanceId }) => instanceId)).toEqual(['i-0b2']);
    expect(forms()).toEqual([
      {
        Action: 'DescribeInstances',
        Version: '2016-11-15',
        'Filter.1.Name': 'instance-id',
        'Filter.1.Value.1': 'i-0b1',
        'Filter.1.Value.2': 'i-0b2',
        MaxResults: '1000',
      },
    ]);
  });

  test('asks nothing when there is nothing to ask', async () => {
    const { compute, forms } = computeWith();
    expect(await compute.describe([])).toEqual([]);
    expect(forms()).toEqual([]);
  });

  test('asks for at most 200 in one call', async () => {
    const ids = Array.from({ length: 401 }, (_none, index) => `i-${String(index).padStart(8, '0')}`);
    const { compute, forms } = computeWith(
      instances([bare('i-00000000')]),
      instances([bare('i-00000200')]),
      instances([bare('i-00000400')]),
    );
    const found = await compute.describe(ids);
    expect(found.map(({ instanceId }) => instanceId)).toEqual(['i-00000000', 'i-00000200', 'i-00000400']);
    expect(forms().map((form) => Object.keys(form).filter((key) => key.startsWith('Filter.1.Value')).length)).toEqual([
      200, 200, 1,
    ]);
  });

  test('leaves out an instance that was not asked for', async () => {
    const { compute } = computeWith(instances([WEB, bare('i-0b9')]));
    expect((await compute.describe(['i-0b9'])).map(({ instanceId }) => instanceId)).toEqual(['i-0b9']);
  });
});

describe('describing every instance with a role', () => {
  test('reads all pages, and shows an instance that is on two of them once', async () => {
    const { compute, forms } = computeWith(
      instances([bare('i-0b3'), bare('i-0b1')], 'page-2'),
      instances([], 'page-3'),
      instances([bare('i-0b1', 'shutting-down')]),
    );
    const found = await compute.describeTagged();
    expect(found.map(({ instanceId, state }) => [instanceId, state])).toEqual([
      ['i-0b1', 'shutting-down'],
      ['i-0b3', 'running'],
    ]);
    expect(forms()).toMatchObject([
      { 'Filter.1.Name': 'tag-key', 'Filter.1.Value.1': 'rolecall:role', MaxResults: '1000' },
      { NextToken: 'page-2' },
      { NextToken: 'page-3' },
    ]);
  });

  test.each([
    ['RequestLimitExceeded', 503, 'throttled'],
    ['UnauthorizedOperation', 403, 'access-denied'],
    ['AuthFailure', 401, 'access-denied'],
    ['InternalError', 500, 'unavailable'],
    ['Unavailable', 503, 'unavailable'],
    ['InvalidParameterValue', 400, 'invalid'],
  ] as const)('throws at %s on a later page, and shows no part', async (code, status, kind) => {
    const { compute } = computeWith(instances([WEB], 'page-2'), ec2Error(status, code, 'said so'));
    await expect(compute.describeTagged()).rejects.toMatchObject({
      name: 'ServiceFailure',
      kind,
      message: `${code}: said so`,
    });
  });

  test('throws when the connection breaks', async () => {
    const { compute } = computeWith(broken('ECONNREFUSED'));
    await expect(compute.describeTagged()).rejects.toMatchObject({ kind: 'unavailable', retryable: true });
  });
});

describe('describing addresses', () => {
  test('shows who holds them, their pool, and whether a service manages them', async () => {
    const { compute, forms } = computeWith(
      answered(
        'DescribeAddresses',
        `<addressesSet>
          <item><publicIp>203.0.113.9</publicIp><allocationId>eipalloc-0b</allocationId><domain>vpc</domain><instanceId>i-0b2</instanceId><associationId>eipassoc-01</associationId><networkInterfaceId>eni-00</networkInterfaceId><privateIpAddress>10.0.0.11</privateIpAddress><tagSet><item><key>Name</key><value>x</value></item><item><key>rolecall:pool</key><value>mail</value></item></tagSet></item>
          <item><publicIp>203.0.113.8</publicIp><allocationId>eipalloc-0a</allocationId><domain>vpc</domain><instanceId/></item>
          <item><publicIp>203.0.113.7</publicIp><allocationId>eipalloc-0c</allocationId><domain>vpc</domain><serviceManaged>nlb</serviceManaged></item>
          <item><publicIp>203.0.113.6</publicIp><domain>standard</domain></item>
        </addressesSet>`,
      ),
    );
    expect(await compute.describeAddresses()).toEqual([
      { allocationId: 'eipalloc-0a', publicIpv4: '203.0.113.8', serviceManaged: false },
      {
        allocationId: 'eipalloc-0b',
        publicIpv4: '203.0.113.9',
        associationId: 'eipassoc-01',
        instanceId: 'i-0b2',
        networkInterfaceId: 'eni-00',
        pool: 'mail',
        serviceManaged: false,
      },
      { allocationId: 'eipalloc-0c', publicIpv4: '203.0.113.7', serviceManaged: true },
    ]);
    expect(forms()).toEqual([{ Action: 'DescribeAddresses', Version: '2016-11-15' }]);
  });
});

describe('associating an address', () => {
  test('asks EC2 to take it from no one', async () => {
    const { compute, forms } = computeWith(
      answered('AssociateAddress', '<return>true</return><associationId>eipassoc-0fc5</associationId>'),
    );
    expect(await compute.associate('eipalloc-0a', { instanceId: 'i-0b2' }, { mayTake: false })).toEqual({
      kind: 'associated',
      associationId: 'eipassoc-0fc5',
    });
    expect(forms()).toEqual([
      {
        Action: 'AssociateAddress',
        Version: '2016-11-15',
        AllocationId: 'eipalloc-0a',
        InstanceId: 'i-0b2',
        AllowReassociation: 'false',
      },
    ]);
  });

  test.each([
    ['Resource.AlreadyAssociated', 400, 'already-associated'],
    ['IncorrectInstanceState', 400, 'not-ready'],
    ['InvalidInstanceID', 400, 'not-ready'],
    ['InvalidInstanceID.NotFound', 400, 'gone'],
    ['InvalidAllocationID.NotFound', 400, 'gone'],
    ['RequestLimitExceeded', 503, 'throttled'],
    ['UnauthorizedOperation', 403, 'access-denied'],
    ['InternalError', 500, 'unknown'],
    ['InvalidParameterCombination', 400, 'unknown'],
  ] as const)('tells %s by its name', async (code, status, kind) => {
    const { compute, forms } = computeWith(ec2Error(status, code, 'said so'));
    expect(await compute.associate('eipalloc-0a', { instanceId: 'i-0b2' }, { mayTake: false })).toEqual({
      kind,
      message: `${code}: said so`,
    });
    expect(forms()).toHaveLength(1);
  });

  test('does not know what became of a call whose connection broke', async () => {
    const { compute } = computeWith(broken('ECONNRESET'));
    expect(await compute.associate('eipalloc-0a', { instanceId: 'i-0b2' }, { mayTake: false })).toMatchObject({
      kind: 'unknown',
    });
  });

  test('takes no refusal for one when its client had asked before', async () => {
    const { requestHandler } = played(broken('ECONNRESET'), ec2Error(400, 'Resource.AlreadyAssociated', 'it is'));
    const compute = createCompute(new EC2Client(clientSettings(requestHandler, 2)));
    expect(await compute.associate('eipalloc-0a', { instanceId: 'i-0b2' }, { mayTake: false })).toMatchObject({
      kind: 'unknown',
    });
  });
});

describe('disassociating an address', () => {
  test('names the association that was read', async () => {
    const { compute, forms } = computeWith(answered('DisassociateAddress', '<return>true</return>'));
    expect(await compute.disassociate('eipassoc-01')).toEqual({ kind: 'done' });
    expect(forms()).toEqual([{ Action: 'DisassociateAddress', Version: '2016-11-15', AssociationId: 'eipassoc-01' }]);
  });

  test.each([
    ['InvalidAssociationID.NotFound', 400, 'done'],
    ['RequestLimitExceeded', 503, 'throttled'],
    ['UnauthorizedOperation', 403, 'access-denied'],
    ['Unavailable', 503, 'unknown'],
    ['OperationNotPermitted', 400, 'unknown'],
  ] as const)('tells %s by its name', async (code, status, kind) => {
    const { compute } = computeWith(ec2Error(status, code, 'said so'));
    expect(await compute.disassociate('eipassoc-01')).toEqual({ kind, message: `${code}: said so` });
  });
});
