/**
 * The reverse DNS of an Elastic IP, as DescribeAddressesAttribute shows it; names in lower case, without the final dot.
 */
export interface ReverseDns {
  readonly allocationId: string;
  /** What resolvers are told; absent where the address has no name of its owner's. */
  readonly current?: string;
  /** An update that EC2 is at work on; empty where the record is to go. */
  readonly pending?: string;
  /** An update that came to nothing, and why. */
  readonly failed?: { readonly name: string; readonly reason: string };
}

/** An Elastic IP as DescribeAddresses shows it. */
export interface ElasticAddress {
  readonly allocationId: string;
  readonly publicIpv4: string;
  readonly associationId?: string;
  readonly instanceId?: string;
  readonly networkInterfaceId?: string;
  /** The value of the tag `rolecall:pool`. */
  readonly pool?: string;
  /** Held by a service of AWS (a load balancer, say): never touched. */
  readonly serviceManaged: boolean;
}
