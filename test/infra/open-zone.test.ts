import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { describe, expect, it } from 'vitest';
import { Rolecall } from '../../lib/infra/rolecall.ts';
import { newApp, resource, synthesize } from './synthesized.ts';

describe('a construct that is given a zone and nothing else', () => {
  it('opens the zone to every role that is claimed', async () => {
    await synthesize();
    const stack = new Stack(newApp(), 'Mine');
    const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0PUB', zoneName: 'example.com' });
    const { zoneIds } = new Rolecall(stack, 'Names', { zone });
    expect(zoneIds).toEqual({ zone: 'Z0PUB' });
    Template.fromStack(stack).hasResourceProperties('Custom::RolecallConfiguration', {
      Configuration: JSON.stringify({
        zones: { zone: { name: 'example.com', id: 'Z0PUB', private: false } },
        openRoles: 'zone',
        roles: {},
      }),
      ZoneIds: { zone: 'Z0PUB' },
    });
  });

  it('takes a zone of the same app, whose id the deployment tells', async () => {
    await synthesize();
    const stack = new Stack(newApp(), 'Mine');
    new Rolecall(stack, 'Names', { zone: new HostedZone(stack, 'Zone', { zoneName: 'example.com' }), owner: 'mine' });
    const installation = resource(Template.fromStack(stack), 'Custom::RolecallConfiguration', 'NamesConfiguration');
    expect(installation.Properties['ZoneIds']).toEqual({ zone: { Ref: expect.stringMatching(/^Zone/) } });
  });

  it('refuses an owner that is no DNS label', () => {
    const stack = new Stack(newApp(), 'Mine');
    const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0PUB', zoneName: 'example.com' });
    expect(() => new Rolecall(stack, 'Names', { zone, owner: 'Not a label' })).toThrow('owner');
  });
});
