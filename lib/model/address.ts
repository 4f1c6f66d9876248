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
