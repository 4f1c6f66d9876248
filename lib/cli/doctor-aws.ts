import { failureOf } from '../aws/error-codes.ts';
import type { ServiceFailureKind } from '../model/errors.ts';
import type { Check } from './doctor-schema.ts';
import { knownHealthChecks } from './health-check-cost.ts';
import type { Knowledge } from './knowledge.ts';
import type { Zone } from '../model/zone.ts';
import { readQueueDepths } from './queue-depths.ts';
import type { Target } from './target.ts';
import { counted } from './text.ts';

const NEARLY_FULL = 0.8;
/** So many messages that wait are a backlog, not the work of a moment. */
const BACKLOG = 1_000;

/** What AWS tells, by real reads with the caller's permissions; a read that fails is a finding, not an end. */
export async function awsChecks(target: Target, knowledge: Knowledge): Promise<Check[]> {
  const { compute, dns } = await target.ports();
  const checks = await Promise.all([
    read('EC2', async () => {
      const tagged = await compute.describeTagged();
      return [ok('EC2', `instances can be read: ${tagged.length} carry the role tag`)];
    }),
    read('Elastic IPs', async () => [
      ok('Elastic IPs', `addresses can be read: ${(await compute.describeAddresses()).length}`),
    ]),
    read('health checks', async () => await healthChecksCheck(target, knowledge)),
    read('queues', async () => await queueChecks(target)),
    ...knowledge.zones.flatMap(({ zone }) => [
      read(`zone ${zone.name}`, async () => {
        const soa = (await dns.page(zone.id)).sets.find(({ type }) => type === 'SOA');
        return [
          soa === undefined
            ? problem(`zone ${zone.name}`, 'it has no SOA record')
            : ok(`zone ${zone.name}`, 'records can be read'),
        ];
      }),
      read(`negative answers of ${zone.name}`, async () => [await negativeTtlCheck(target, zone, knowledge)]),
      read(`quota of ${zone.name}`, async () => [await quotaCheck(target, zone.id, zone.name)]),
    ]),
  ]);
  return checks.flat();
}

async function read(check: string, work: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await work();
  } catch (error) {
    const { kind, message } = failureOf(error);
    return [{ check, verdict: 'unknown', says: `it cannot be read: ${message}`, advice: ADVICE[kind] }];
  }
}

const ADVICE: Readonly<Record<ServiceFailureKind, string>> = {
  'access-denied': 'ask for the permission to read it',
  throttled: 'AWS has too many requests of this account; wait a minute and ask again',
  unavailable: 'no answer, or a failure of AWS: look at the network and at the health of the region, and ask again',
  'not-found': 'it is not there: look whether somebody deleted it, and deploy the stack again',
  conflict: 'ask again',
  invalid: 'AWS does not understand the question: look at the region and at the endpoint',
};

function ok(check: string, says: string): Check {
  return { check, verdict: 'ok', says };
}

function problem(check: string, says: string): Check {
  return { check, verdict: 'problem', says };
}

async function queueChecks(target: Target): Promise<Check[]> {
  const depths = await readQueueDepths(await target.clients.sqs(), target);
  return depths.map(({ queue, messages, deadLetters = 0 }): Check => {
    const check = `queue ${queue}`;
    if (deadLetters > 0) {
      const advice = 'read them, mend the cause, and start a redrive of the dead-letter queue';
      return {
        check,
        verdict: 'problem',
        says: `${counted(deadLetters, 'message was', 'messages were')} given up`,
        advice,
      };
    }
    if (messages >= BACKLOG) return { check, verdict: 'warning', says: `${messages} messages wait` };
    return ok(check, `${messages} messages, none given up`);
  });
}

/** RFC 2308 §5: that there is no name is remembered for the lesser of the SOA's TTL and its last field. */
async function negativeTtlCheck(target: Target, zone: Zone, knowledge: Knowledge): Promise<Check> {
  const { id: zoneId, name: zoneName } = zone;
  const [route53, { ListResourceRecordSetsCommand }] = await Promise.all([
    target.clients.route53(),
    import('./sdk/route53.ts'),
  ]);
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({
      HostedZoneId: zoneId,
      StartRecordName: zoneName,
      StartRecordType: 'SOA',
      MaxItems: 1,
    }),
  );
  const [soa] = ResourceRecordSets;
  const minimum = Number(soa?.ResourceRecords?.[0]?.Value?.split(/\s+/).at(-1) ?? Number.NaN);
  const seconds = Math.min(soa?.TTL ?? Number.NaN, minimum);
  const check = `negative answers of ${zoneName}`;
  if (Number.isNaN(seconds)) return { check, verdict: 'unknown', says: 'its SOA record cannot be understood' };
  if (seconds <= 60) return ok(check, `a name that comes back is seen after ${seconds} s at most`);
  const shorter = shorterLived(zone, seconds, knowledge);
  if (shorter.length === 0)
    return ok(check, `kept for ${seconds} s, which is longer than the TTL of no name that may be empty`);
  return {
    check,
    verdict: 'warning',
    says: `a resolver that asked while a name was empty may say for ${seconds} s that there is none, longer than the TTL of ${shorter.join(', ')}`,
    advice:
      "lower the TTL of the zone's SOA record, or give these roles a whenEmpty (docs/explanation/the-honest-window.md)",
  };
}

/** Roles whose names here are removed when they are empty, each with its shortest TTL, where that is less. */
function shorterLived({ key }: Zone, seconds: number, { roles }: Knowledge): string[] {
  return roles.flatMap(({ role, definition }) => {
    if (definition?.whenEmpty !== 'remove') return [];
    const ttls = definition.names.filter(({ zone }) => zone === key).map(({ ttlSeconds }) => ttlSeconds);
    const shortest = Math.min(...ttls);
    return shortest < seconds ? [`${role} (${shortest} s)`] : [];
  });
}

async function healthChecksCheck(target: Target, knowledge: Knowledge): Promise<Check[]> {
  const isAsked = knowledge.roles.some(({ definition }) => definition?.health.kind === 'route53');
  const { count, usdAMonth } = knownHealthChecks(knowledge);
  if (!isAsked && count === 0) return [];
  const [route53, { GetAccountLimitCommand }] = await Promise.all([
    target.clients.route53(),
    import('./sdk/route53.ts'),
  ]);
  const { Count = 0, Limit } = await route53.send(new GetAccountLimitCommand({ Type: 'MAX_HEALTH_CHECKS_BY_OWNER' }));
  const most = Limit?.Value ?? 0;
  const cost = `about ${usdAMonth.toFixed(2)} USD a month where nothing else uses the free ones`;
  const says = `${Count} of ${most} in the account, ${count} of them ours: ${cost}`;
  if (most === 0 || Count < most * NEARLY_FULL) return [ok('health checks', says)];
  const advice = 'ask AWS for more, or delete those that nothing uses';
  return [{ check: 'health checks', verdict: 'warning', says, advice }];
}

async function quotaCheck(target: Target, zoneId: string, zoneName: string): Promise<Check> {
  const [route53, { GetHostedZoneLimitCommand }] = await Promise.all([
    target.clients.route53(),
    import('./sdk/route53.ts'),
  ]);
  const { Count = 0, Limit } = await route53.send(
    new GetHostedZoneLimitCommand({ HostedZoneId: zoneId, Type: 'MAX_RRSETS_BY_ZONE' }),
  );
  const most = Limit?.Value ?? 0;
  const check = `quota of ${zoneName}`;
  const says = `${Count} of ${most} record sets`;
  if (most > 0 && Count >= most * NEARLY_FULL)
    return { check, verdict: 'warning', says, advice: 'ask AWS for more, or split the zone' };
  return ok(check, says);
}
