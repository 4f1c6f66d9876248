import { element, text } from '../ec2/xml.ts';
import type { Answer, Call } from './operations.ts';
import type { Route53Model } from './model.ts';
import { invalidInput, Route53Error } from './route53-error.ts';

/** "Amazon VPCs that you can associate with a private hosted zone: 300" ("Quotas"). */
const limitsOf = ({ mostRecordSets }: Route53Model): Readonly<Record<string, number>> => ({
  MAX_RRSETS_BY_ZONE: mostRecordSets,
  MAX_VPCS_ASSOCIATED_BY_ZONE: 300,
});

/** `GET /2013-04-01/hostedzonelimit/{Id}/{Type}` ("GetHostedZoneLimit", Amazon Route 53 API Reference). */
export function getHostedZoneLimit({ id, path }: Call, model: Route53Model): Answer {
  const type = path.replace(/\/$/, '').split('/').at(-1) ?? '';
  const limits = limitsOf(model);
  const most = limits[type];
  if (most === undefined) {
    throw invalidInput(
      `1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [${Object.keys(limits).join(', ')}]`,
    );
  }
  const { current, vpc } = model.zone(id);
  const isOfVpcs = type === 'MAX_VPCS_ASSOCIATED_BY_ZONE';
  if (isOfVpcs && vpc === undefined) {
    throw new Route53Error('HostedZoneNotPrivate', `The hosted zone ${id} is not a private hosted zone.`);
  }
  return {
    inner: [element('Limit', text('Type', type), text('Value', most)), text('Count', isOfVpcs ? 1 : current.size)].join(
      '',
    ),
  };
}

/** `GET /2013-04-01/accountlimit/{Type}` ("GetAccountLimit", Amazon Route 53 API Reference); of those it has, the one of health checks. */
export function getAccountLimit({ id: type }: Call, { healthChecks }: Route53Model): Answer {
  if (type !== 'MAX_HEALTH_CHECKS_BY_OWNER') {
    throw invalidInput(`The local account has no limit ${type}: only MAX_HEALTH_CHECKS_BY_OWNER.`);
  }
  const limit = element('Limit', text('Type', type), text('Value', healthChecks.most));
  return { inner: limit + text('Count', healthChecks.list().length) };
}
