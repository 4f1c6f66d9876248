/** Who serves a role, as machines read it: what `rolecall render` writes from, and what the endpoint answers. */
export interface RoleView {
  readonly schemaVersion: 1;
  readonly role: string;
  /** Those that count for the role's names now; by id. Empty only when nobody serves. */
  readonly members: readonly RoleViewMember[];
}

export interface RoleViewMember {
  /** The instance, or the host outside EC2. */
  readonly id: string;
  readonly ordinal?: number;
  readonly availabilityZone?: string;
  readonly privateIpv4?: string;
  /** In a role with a pool: the Elastic IP of its slot. */
  readonly publicIpv4?: string;
  readonly ipv6: readonly string[];
  /** 0 to 255, by the tag `rolecall:weight`; 10 without one. */
  readonly weight: number;
  /** The names that it has a part in, by the kind of address that they show; sorted. */
  readonly names: {
    readonly private: readonly string[];
    readonly public: readonly string[];
    readonly ipv6: readonly string[];
  };
}
