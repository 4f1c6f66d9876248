import type { NameDefinition, RoleObject } from '../../lib/config/configuration.ts';
import { type Instance, primaryPrivateAddress } from '../../local/ec2/instance.ts';
import type { ElasticIp } from '../../local/ec2/elastic-ips.ts';
import { keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { setsOf, type Wanted } from './expected-sets.ts';
import { claimsOf, fullName, isDraining, plain, rendered, ttlOf, valuesOf, weightOf } from './rendering.ts';
import { disputedNames } from './disputed.ts';
import { mostUnseen, reverseNameOf, sharedOut, without } from './hidden-ordinals.ts';
import type { World } from './world.ts';
import type { ZoneKey } from './setting.ts';

/**
 * What the zones should hold, said a second time: from the configuration as it is written and the account as it is, with
 * no line of Rolecall's own. Where history decides (who has which ordinal, which slot is whose), the zone is asked, and
 * only held to the rules: as many holders as there may be, each of them entitled, no two alike.
 */
export interface Expectation {
  /** By `zone name type set-identifier`: the TTL, weight and values. */
  readonly sets: ReadonlyMap<string, string>;
  /** What breaks a rule that no single set shows. */
  readonly complaints: readonly string[];
  /** Sets that may be there or not: what `keep` kept, and addresses that hands took away. */
  readonly optional: ReadonlySet<string>;
}

const MOST_ORDINALS = 80;

export function expectationOf(world: World): Expectation {
  const view = new View(world);
  for (const role of view.roles()) view.addRole(role);
  return view.result();
}

interface Definition extends RoleObject<ZoneKey> {
  readonly role: string;
}

class View {
  readonly #world: World;
  readonly #instances: readonly Instance[];
  readonly #elasticIps: readonly ElasticIp[];
  readonly #sick: ReadonlySet<string>;
  readonly #observed = new Map<string, ResourceRecordSet[]>();
  readonly #wanted = new Map<string, Wanted>();
  readonly #pointers = new Map<string, { readonly target: string; readonly ttlSeconds: number }>();
  readonly #complaints: string[] = [];
  readonly #optional = new Set<string>();
  readonly #disputed: ReadonlySet<string>;

  constructor(world: World) {
    this.#world = world;
    this.#disputed = disputedNames(world);
    const { ec2, route53 } = world.account;
    this.#instances = ec2.fleet.instances.current();
    this.#elasticIps = ec2.elasticIps.addresses.current();
    this.#sick = new Set(
      this.#instances.flatMap(({ id, impairedSinceMs }) => (impairedSinceMs === undefined ? [] : [id])),
    );
    for (const { id } of Object.values(world.zones)) {
      for (const set of route53
        .zones()
        .find((zone) => zone.id === id)
        ?.current.sorted() ?? []) {
        if (world.chronicle.strangers.has(`${id} ${keyOf(set)}`)) continue;
        const key = `${plain(set.name)} ${set.type}`;
        this.#observed.set(key, [...(this.#observed.get(key) ?? []), set]);
      }
    }
  }

  roles(): Definition[] {
    const { roles, openRoles } = this.#world.setting;
    const listed = Object.entries(roles).map(([role, definition]) => ({
      role,
      ...(typeof definition === 'string' ? { names: [{ zone: definition }] } : definition),
    }));
    const open =
      openRoles === undefined
        ? []
        : [...new Set(this.#instances.flatMap(claimsOf))]
            .filter((role) => !(role in roles))
            .map((role) => ({ role, names: [{ zone: openRoles }] }));
    return [...listed, ...open].sort((one, other) => (one.role < other.role ? -1 : 1));
  }

  addRole(definition: Definition): void {
    const members = this.#membersOf(definition);
    const complaints = this.#complaints.length;
    if (definition.elasticIp !== undefined) this.#addPooled(definition, members);
    else this.#addPlain(definition, members);
    this.#addExtras(definition);
    // Of a zone that is gone, or where hands had their way, nobody can read who holds what.
    const isReadable = definition.names?.every(({ zone }) => this.#world.isReadable(zone)) !== false;
    if (!isReadable) this.#complaints.length = complaints;
  }

  result(): Expectation {
    for (const [address, { target, ttlSeconds }] of this.#pointers) {
      const values = [{ value: target, contributor: '', weight: undefined }];
      const name = reverseNameOf(address);
      this.#want({ zone: 'rev', name, type: 'PTR', ttlSeconds, routing: 'simple', values });
    }
    const sets = setsOf([...this.#wanted.values()], this.#sick);
    return { sets, complaints: this.#complaints, optional: this.#optional };
  }

  #membersOf({ role, allow }: Definition): Instance[] {
    return this.#instances.filter(
      (instance) =>
        instance.state === 'running' &&
        claimsOf(instance).includes(role) &&
        !isDraining(instance) &&
        (allow?.instanceProfiles === undefined || (instance.instanceProfile ?? '').includes('/trusted-')),
    );
  }

  #addPlain(definition: Definition, members: readonly Instance[]): void {
    const { role, names = [], holders } = definition;
    const ordinals = this.#ordinalsOf(definition, members);
    const holding = holders === undefined ? members : this.#holdersOf(definition, members, ordinals);
    for (const pattern of names) {
      for (const member of holding) {
        const ordinal = ordinals.get(member.id);
        if ((pattern.name ?? '').includes('{ordinal}') && ordinal === undefined) continue;
        const name = rendered(pattern, role, member, ordinal);
        for (const [type, values] of valuesOf(member, pattern, this.#elasticIpOf(member))) {
          this.#addValues(pattern, name, type, values, member.id, weightOf(member, 7));
        }
      }
    }
    this.#addWhereEmpty(definition);
  }

  #addWhereEmpty({ role, names = [], whenEmpty }: Definition): void {
    if (whenEmpty === undefined || whenEmpty === 'remove') return;
    for (const pattern of names) {
      const name = fullName(pattern.zone, pattern.name ?? role, role);
      if (['A', 'AAAA', 'CNAME'].some((type) => this.#wanted.has(`${pattern.zone} ${name} ${type}`))) continue;
      if (whenEmpty === 'keep') {
        this.#optional.add(`${pattern.zone} ${name} A `);
        continue;
      }
      const isAddress = /^[\d.]+$/.test(whenEmpty.answer);
      const values = [{ value: whenEmpty.answer, contributor: '', weight: undefined }];
      const type = isAddress ? 'A' : 'CNAME';
      this.#want({ zone: pattern.zone, name, type, ttlSeconds: ttlOf(pattern), routing: 'simple', values });
    }
  }

  /** Ordinals are history: each is read where it is published, and must be one member's alone. */
  #ordinalsOf({ role, names = [], holders }: Definition, members: readonly Instance[]): Map<string, number> {
    const found = new Map<string, number>();
    const pattern = names.find(({ name }) => name?.includes('{ordinal}'));
    if (pattern === undefined) return found;
    for (let ordinal = 1; ordinal <= (holders ?? MOST_ORDINALS); ordinal += 1) {
      const name = rendered(pattern, role, undefined, ordinal);
      // What hands made of it may show who has long given way to another.
      if (holders !== undefined && this.#isHidden(pattern.zone, name)) continue;
      const [set] = this.#observed.get(`${name} A`) ?? [];
      const member = members.find((each) => set?.values.includes(primaryPrivateAddress(each) ?? '') === true);
      if (member === undefined) continue;
      if (found.has(member.id)) this.#complaints.push(`${member.id} has two ordinals of ${role}`);
      found.set(member.id, ordinal);
    }
    if (holders !== undefined) return found;
    const hidden = without(this.#hiddenOrdinals(pattern, role, MOST_ORDINALS), found);
    const unseen = members.filter((each) => !found.has(each.id));
    const nameOf = (ordinal: number) => rendered(pattern, role, undefined, ordinal);
    const shared = sharedOut({ ordinals: hidden, nameOf }, unseen, this.#observed);
    for (const { id } of unseen) {
      const ordinal = shared.get(id);
      if (ordinal === undefined) this.#complaints.push(`${id} has no ordinal of ${role}`);
      else found.set(id, ordinal);
    }
    return found;
  }

  #holdersOf(
    { role, names = [], holders = 0, succession }: Definition,
    members: readonly Instance[],
    ordinals: ReadonlyMap<string, number>,
  ): Instance[] {
    const published = new Set(
      names.flatMap((pattern) =>
        ['A', 'CNAME'].flatMap((type) =>
          (this.#observed.get(`${rendered(pattern, role, undefined, undefined)} ${type}`) ?? []).flatMap((set) =>
            set.values.map(plain),
          ),
        ),
      ),
    );
    const holding = members.filter(
      (member) =>
        ordinals.has(member.id) ||
        names.some((pattern) =>
          valuesOf(member, pattern, this.#elasticIpOf(member)).some(([, values]) =>
            values.some((value) => published.has(value)),
          ),
        ),
    );
    const patternsOf = (member: Instance) =>
      names.filter((pattern) => valuesOf(member, pattern, this.#elasticIpOf(member)).length > 0);
    const showable = members.filter((member) => patternsOf(member).length > 0);
    const most = Math.min(holders, members.length);
    const hidingOf = (member: Instance) =>
      Math.min(...patternsOf(member).map((pattern) => this.#unseenHolders(pattern, role, holders)));
    const unseen = mostUnseen(showable.map(hidingOf));
    const least = Math.min(holders, showable.length) - (members.length - showable.length) - unseen;
    if (holding.length > most || holding.length < least) {
      this.#complaints.push(`${role} has ${holding.length} holders of ${members.length} members, not ${most}`);
    }
    const waiting = members.filter((member) => !holding.includes(member) && !this.#sick.has(member.id));
    const sick = holding.find(({ id }) => this.#sick.has(id));
    if (sick !== undefined && waiting.length > unseen && showable.length === members.length)
      this.#complaints.push(`${role} is held by ${sick.id}, which is sick, and ${waiting[0]?.id} waits`);
    if (succession === 'newest') {
      const oldest = Math.min(...holding.map(({ launchTimeMs }) => launchTimeMs));
      const passedOver = waiting.filter((member) => member.launchTimeMs > oldest);
      if (passedOver.length > unseen && showable.length === members.length) {
        this.#complaints.push(`${role} is not held by its newest member ${passedOver[0]?.id}`);
      }
    }
    return holding;
  }

  /** How many holders a pattern does not show, where another's record stands at its name. */
  #unseenHolders(pattern: NameDefinition<ZoneKey>, role: string, holders: number): number {
    if (pattern.name?.includes('{ordinal}') === true) return this.#hiddenOrdinals(pattern, role, holders).length;
    return this.#isHidden(pattern.zone, rendered(pattern, role, undefined, undefined)) ? holders : 0;
  }

  /** Another's record stands at the name, or what hands made of ours: who is behind it, the zone does not show. */
  #isHidden(zone: ZoneKey, name: string): boolean {
    return this.#disputed.has(`${zone} ${name}`) || this.#world.isLeftToHands(zone, name);
  }

  /** The ordinals of hidden names. */
  #hiddenOrdinals(pattern: NameDefinition<ZoneKey>, role: string, most: number): number[] {
    return Array.from({ length: most }, (_nothing, index) => index + 1).filter((ordinal) =>
      this.#isHidden(pattern.zone, rendered(pattern, role, undefined, ordinal)),
    );
  }

  #addPooled(definition: Definition, members: readonly Instance[]): void {
    const { role, names = [], elasticIp, whenEmpty } = definition;
    const isMember = new Set(members.map(({ id }) => id));
    const pool = this.#elasticIps.filter(({ tags }) => tags['rolecall:pool'] === elasticIp?.pool);
    const inPool = new Set(pool);
    const held = pool.filter(({ association }) => isMember.has(association?.instanceId ?? ''));
    const astray = pool.filter(({ association }) => association !== undefined && !isMember.has(association.instanceId));
    const free = pool.filter(({ association }) => association === undefined);
    const candidates = members.filter(
      ({ id }) => !this.#sick.has(id) && !this.#elasticIps.some((each) => each.association?.instanceId === id),
    );
    // A candidate may be waiting for an address that hands have given to somebody else.
    if (free.length > 0 && candidates.length > astray.length) {
      this.#complaints.push(`${free[0]?.address} of ${role} is free, and ${candidates[0]?.id} has none`);
    }
    // What hands gave to a member stays with it, sick or not, where it is another's slot.
    const isHanded = ({ allocationId, association }: ElasticIp) =>
      association !== undefined && this.#world.chronicle.handed.get(allocationId) === association.instanceId;
    const ailing = held.filter(({ association }) => this.#sick.has(association?.instanceId ?? ''));
    const sick = ailing.find((each) => !isHanded(each));
    const handed = held.filter(isHanded);
    if (sick !== undefined && candidates.length > astray.length + free.length + handed.length)
      this.#complaints.push(`${sick.address} of ${role} is with a sick member, and ${candidates[0]?.id} has none`);
    const foreign = members.filter((member) =>
      this.#elasticIps.some((each) => each.association?.instanceId === member.id && !inPool.has(each)),
    );
    const shownAddresses = whenEmpty === 'keep' ? pool : held;
    // What a pool that keeps its names shows depends on no member.
    const contributorOf = ({ association }: ElasticIp) => (whenEmpty === 'keep' ? '' : (association?.instanceId ?? ''));
    for (const pattern of names) {
      if (pattern.zone === 'int') {
        this.#leaveOpen(pattern, role);
        continue;
      }
      const isOrdinal = (pattern.name ?? '').includes('{ordinal}');
      const ordinals = this.#ordinalsOfAddresses(pattern, role, pool);
      for (const address of isOrdinal ? pool : shownAddresses) {
        const ordinal = isOrdinal ? ordinals.get(address.address) : undefined;
        const name = rendered(pattern, role, undefined, ordinal);
        const isDoubtful =
          astray.includes(address) ||
          (foreign.length > 0 && free.includes(address)) ||
          (ailing.includes(address) && isHanded(address));
        if (isDoubtful) this.#optional.add(`${pattern.zone} ${name} A `);
        if (!shownAddresses.includes(address)) continue;
        if (isOrdinal && ordinal === undefined) {
          if (!isDoubtful) this.#complaints.push(`${address.address} of ${role} has no ordinal name`);
          continue;
        }
        this.#addValues(pattern, name, 'A', [address.address], contributorOf(address), undefined);
      }
      if (astray.length > 0) this.#optional.add(`${pattern.zone} ${rendered(pattern, role, undefined, 0)} A `);
    }
    if (definition.mx === undefined) return;
    const [pattern] = names;
    if (pattern === undefined) return;
    const ordinals = this.#ordinalsOfAddresses(pattern, role, pool);
    const values = shownAddresses.flatMap((address) => {
      const ordinal = ordinals.get(address.address);
      if (ordinal === undefined) return [];
      const value = `${definition.mx?.preference ?? 10} ${rendered(pattern, role, undefined, ordinal)}`;
      return [{ value, contributor: contributorOf(address), weight: undefined }];
    });
    const ttlSeconds = ttlOf(pattern);
    const isHidden = values.length < shownAddresses.length && !this.#world.isReadable('pub');
    if (astray.length > 0 || foreign.length > 0 || isHidden || ailing.some(isHanded))
      this.#optional.add(`pub ${definition.mx.name} MX `);
    if (values.length === 0) return;
    this.#want({ zone: 'pub', name: definition.mx.name, type: 'MX', ttlSeconds, routing: 'simple', values });
  }

  /** Whose a slot is, is not in the zone of its address: that is `assertPoolNames`. */
  #leaveOpen(pattern: NameDefinition<ZoneKey>, role: string): void {
    for (let ordinal = 1; ordinal <= MOST_ORDINALS; ordinal += 1)
      this.#optional.add(`${pattern.zone} ${rendered(pattern, role, undefined, ordinal)} A `);
  }

  #ordinalsOfAddresses(
    pattern: NameDefinition<ZoneKey>,
    role: string,
    pool: readonly ElasticIp[],
  ): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (let ordinal = 1; ordinal <= MOST_ORDINALS; ordinal += 1) {
      const [set] = this.#observed.get(`${rendered(pattern, role, undefined, ordinal)} A`) ?? [];
      const shown = pool.find(({ address }) => !found.has(address) && set?.values.includes(address) === true);
      if (shown !== undefined) found.set(shown.address, ordinal);
    }
    const hidden = without(this.#hiddenOrdinals(pattern, role, pool.length), found);
    for (const { address } of pool.filter((each) => !found.has(each.address))) {
      const ordinal = hidden.shift();
      if (ordinal !== undefined) found.set(address, ordinal);
    }
    return found;
  }

  #addExtras({ role, names = [], aliases = [], srv = {} }: Definition): void {
    const [first] = names;
    if (first === undefined) return;
    for (const alias of aliases) {
      const target = rendered(first, role, undefined, undefined);
      const values = [{ value: target, contributor: '', weight: undefined }];
      const ttlSeconds = ttlOf(first);
      this.#want({ zone: 'pub', name: alias, type: 'CNAME', ttlSeconds, routing: 'simple', values });
    }
    for (const [service, port] of Object.entries(srv)) {
      const members = this.#membersOf({ role, names });
      const ordinals = this.#ordinalsOf({ role, names }, members);
      const values = members.flatMap((member) => {
        const ordinal = ordinals.get(member.id);
        if (ordinal === undefined) return [];
        const value = `0 ${weightOf(member, 10)} ${port} ${rendered(first, role, member, ordinal)}`;
        return [{ value, contributor: member.id, weight: undefined }];
      });
      const name = fullName(first.zone, `${service}.${role}`, role);
      const ttlSeconds = ttlOf(first);
      if (values.length > 0) this.#want({ zone: first.zone, name, type: 'SRV', ttlSeconds, routing: 'simple', values });
    }
  }

  #addValues(
    pattern: NameDefinition<ZoneKey>,
    name: string,
    type: string,
    values: readonly string[],
    contributor: string,
    weight: number | undefined,
  ): void {
    if (values.length === 0) return;
    const routing = typeof pattern.routing === 'object' ? 'weighted' : (pattern.routing ?? 'simple');
    this.#want({
      zone: pattern.zone,
      name,
      type,
      ttlSeconds: ttlOf(pattern),
      routing,
      values: values.map((value) => ({ value, contributor, weight })),
    });
    if (pattern.ptr !== true || type !== 'A') return;
    for (const value of values) {
      if (value.startsWith('10.') && !this.#pointers.has(value)) {
        this.#pointers.set(value, { target: name, ttlSeconds: ttlOf(pattern) });
      }
    }
  }

  #want(wanted: Wanted): void {
    const key = `${wanted.zone} ${wanted.name} ${wanted.type}`;
    const before = this.#wanted.get(key);
    if (before === undefined) this.#wanted.set(key, wanted);
    else before.values.push(...wanted.values);
  }

  #elasticIpOf({ id }: Instance): string | undefined {
    return this.#elasticIps.find(({ association }) => association?.instanceId === id)?.address;
  }
}
