/** The network of the local account: one VPC, in each availability zone one subnet with public addresses and one without. */

export const VPC_ID = 'vpc-00000000000000001';

export interface Subnet {
  readonly id: string;
  readonly zone: string;
  /** "Auto-assign public IPv4 address" of the subnet. */
  readonly autoAssignPublic: boolean;
  /** Its addresses are 10.0.<first>.0 and on. */
  readonly firstNetwork: number;
}

export const NETWORKS_PER_SUBNET = 40;

export function subnetsOf(region: string): readonly Subnet[] {
  return ['a', 'b', 'c'].flatMap((letter, index) => [
    {
      id: `subnet-0000000000000${letter}001`,
      zone: `${region}${letter}`,
      autoAssignPublic: true,
      firstNetwork: index * NETWORKS_PER_SUBNET,
    },
    {
      id: `subnet-0000000000000${letter}002`,
      zone: `${region}${letter}`,
      autoAssignPublic: false,
      firstNetwork: (index + 3) * NETWORKS_PER_SUBNET,
    },
  ]);
}

/** "EC2 instance hostnames and domains": IP names, with the older forms of us-east-1. */
export function publicDnsName(address: string, region: string): string {
  const domain = region === 'us-east-1' ? 'compute-1.amazonaws.com' : `${region}.compute.amazonaws.com`;
  return `ec2-${address.replaceAll('.', '-')}.${domain}`;
}

export function privateDnsName(address: string, region: string): string {
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  return `ip-${address.replaceAll('.', '-')}.${domain}`;
}
