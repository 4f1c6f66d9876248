import type { ElasticAddress } from '../model/address.ts';
import { type Case, known, no, yes } from './explain-case.ts';
import type { Explained } from './explain-instance.ts';
import type { Finding } from './explain-schema.ts';
import type { Target } from './target.ts';

/** An address, or an allocation id: who has it, by which slot, and which records hold it. */
export async function explainAddress(given: string, opened: Case, target: Target): Promise<Explained> {
  const { roles, zones } = opened.knowledge;
  const elastic = await elasticNow(given, target);
  const address = typeof elastic === 'object' ? elastic.publicIpv4 : given;
  const slots = roles.flatMap((state) =>
    state.slots.filter((slot) => [slot.publicIpv4, slot.allocationId].includes(given)),
  );
  const members = roles.flatMap((state) =>
    state.members.filter((member) => [member.privateIpv4, member.publicIpv4, ...member.ipv6].includes(address)),
  );
  const owners = [
    ...new Set([...members.map(({ instanceId }) => instanceId), ...slots.flatMap(({ holder }) => holder ?? [])]),
  ];
  const records = zones.flatMap(({ zone, sets }) =>
    sets
      .filter(({ set }) => set.values.includes(address))
      .map(({ set, role }) => yes(set.name, `${set.type} holds it`, `role ${role}, in ${zone.name}`)),
  );
  const findings: Finding[] = [
    ...elasticFindings(given, elastic),
    ...slots.map(({ role, ordinal, holder }) =>
      holder === undefined
        ? no(role, `is the address of slot ${ordinal}, which nobody holds`)
        : yes(role, `is the address of slot ${ordinal}, held by ${holder}`),
    ),
    ...members.map(({ role, instanceId }) => yes(role, `is an address of the member ${instanceId}`)),
    ...(owners.length === 0 ? [no(given, 'no member has it')] : []),
    ...records,
    ...(records.length === 0 ? [no(given, 'no record of ours holds it')] : []),
  ];
  return { findings, next: [...owners.map((id) => `rolecall explain ${id}`), `rolecall history ${address}`] };
}

async function elasticNow(given: string, target: Target): Promise<ElasticAddress | string | undefined> {
  try {
    const addresses = await (await target.ports()).compute.describeAddresses();
    return addresses.find(({ publicIpv4, allocationId }) => [publicIpv4, allocationId].includes(given));
  } catch (error) {
    return `EC2 cannot be asked: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function elasticFindings(given: string, elastic: ElasticAddress | string | undefined): Finding[] {
  if (typeof elastic === 'string') return [known(given, elastic)];
  if (elastic === undefined) return [known(given, 'is no Elastic IP of this account and region')];
  const { allocationId, publicIpv4, instanceId, networkInterfaceId, pool, serviceManaged } = elastic;
  const holder = instanceId ?? networkInterfaceId ?? 'nobody';
  const whose = serviceManaged ? 'managed by an AWS service' : `pool ${pool ?? 'none'}`;
  return [
    known(
      given,
      `is the Elastic IP ${publicIpv4} (${allocationId}), ${whose}`,
      `EC2 says now: associated with ${holder}`,
    ),
  ];
}
