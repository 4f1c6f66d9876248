interface Freed {
  readonly address: string;
  readonly atMs: number;
}

/**
 * Addresses to give out. The one freed last goes out first: as hard on stale records as the public pool can be, where
 * "a public IP address … is released back into the public IPv4 address pool" (Amazon EC2 instance IP addressing).
 */
export class AddressPool {
  readonly #fresh: Iterator<string>;
  readonly #quarantineMs: number;
  #freed: Freed[] = [];

  constructor(fresh: Iterable<string>, quarantineMs: number) {
    this.#fresh = fresh[Symbol.iterator]();
    this.#quarantineMs = quarantineMs;
  }

  take(nowMs: number): string {
    const index = this.#freed.findLastIndex((freed) => freed.atMs + this.#quarantineMs <= nowMs);
    const freed = this.#freed[index];
    if (freed === undefined) return this.takeFresh();
    this.#freed.splice(index, 1);
    return freed.address;
  }

  /** An address that nobody has had. */
  takeFresh(): string {
    const next = this.#fresh.next();
    if (next.done === true) throw new Error('The local account has no address left to give.');
    return next.value;
  }

  give(address: string, nowMs: number): void {
    this.#freed.push({ address, atMs: nowMs });
  }
}

const FIRST_HOST = 11;
const LAST_HOST = 254;

/** TEST-NET-3, then TEST-NET-2 (RFC 5737), then the benchmarking range (RFC 2544) for large simulations. */
export function* publicAddresses(): Generator<string> {
  for (const network of ['203.0.113', '198.51.100']) yield* hosts(network);
  for (const half of ['198.18', '198.19']) {
    for (let third = 0; third <= 255; third += 1) yield* hosts(`${half}.${third}`);
  }
}

/** The addresses of one subnet, of which `thirdOctet` is the first. */
export function* privateAddresses(thirdOctet: number, networks: number): Generator<string> {
  for (let third = thirdOctet; third < thirdOctet + networks; third += 1) yield* hosts(`10.0.${third}`);
}

function* hosts(network: string): Generator<string> {
  for (let host = FIRST_HOST; host <= LAST_HOST; host += 1) yield `${network}.${host}`;
}
