import { allocationNotFound, Ec2Error, instanceNotFound, invalidParameter } from './ec2-error.ts';
import type { Fleet } from './fleet.ts';
import { History } from './history.ts';
import { resourceId } from './identifiers.ts';
import type { Instance } from './instance.ts';
import { isGoing } from './instance.ts';
import { DEFAULT_LIFECYCLE, type Ec2Settings } from './settings.ts';

export interface Association {
  readonly id: string;
  readonly instanceId: string;
  readonly interfaceId: string;
  readonly privateAddress: string;
}

export interface ElasticIp {
  readonly allocationId: string;
  readonly address: string;
  readonly association?: Association;
  readonly tags: Readonly<Record<string, string>>;
  readonly tagVersion: number;
  readonly reverseDns?: ReverseDns;
}

/** What resolvers are told of an address, and what it was last asked to become. */
export interface ReverseDns {
  readonly record?: string;
  /** `value` is empty where the record is to be removed. */
  readonly update?: { readonly value: string; readonly doneAtMs: number };
}

export interface AssociateRequest {
  readonly allocationId: string;
  readonly instanceId?: string;
  readonly networkInterfaceId?: string;
  readonly allowReassociation: boolean;
}

interface Target {
  readonly instance: Instance;
  readonly interfaceId: string;
}

/** Elastic IP addresses and what they are associated with ("Elastic IP addresses"; AssociateAddress). */
export class ElasticIps {
  readonly addresses = new History<ElasticIp>();
  /** How often an address was mapped anew to where it already was, which "you may be charged" for. */
  repeatedAssociations = 0;
  readonly #settings: Ec2Settings;
  readonly #fleet: () => Fleet;
  readonly #reverseDnsMs: number;

  constructor(settings: Ec2Settings, fleet: () => Fleet) {
    this.#reverseDnsMs = settings.lifecycle?.reverseDnsMs ?? DEFAULT_LIFECYCLE.reverseDnsMs;
    this.#settings = settings;
    this.#fleet = fleet;
  }

  find(allocationId: string): ElasticIp | undefined {
    return this.addresses.get(allocationId);
  }

  /** The address that the instance's primary interface has. */
  ofInstance(instanceId: string): ElasticIp | undefined {
    return this.addresses.current().find(({ association }) => association?.instanceId === instanceId);
  }

  allocate(tags: Readonly<Record<string, string>>): ElasticIp {
    const allocationId = resourceId('eipalloc', this.#settings.newId);
    const address: ElasticIp = { allocationId, address: this.#fleet().takePublicAddress(), tags, tagVersion: 0 };
    this.put(address);
    return address;
  }

  release(allocationId: string): void {
    const { address, association } = this.#require(allocationId);
    if (association !== undefined) throw new Ec2Error('InvalidIPAddress.InUse', `Address ${address} is in use.`);
    const { record, update } = this.reverseDnsOf(allocationId);
    if (record !== undefined || update !== undefined) {
      throw new Ec2Error('InvalidAddress.Locked', `Address ${address} has a reverse DNS record; remove that first.`);
    }
    this.addresses.put(allocationId, undefined, this.#settings.timeline.now());
    this.#fleet().givePublicAddress(address);
  }

  /** Returns the association id. */
  associate(request: AssociateRequest): string {
    const elasticIp = this.#require(request.allocationId);
    const target = this.#target(request);
    const { association } = elasticIp;
    if (association?.interfaceId === target.interfaceId) {
      this.repeatedAssociations += 1;
      return association.id;
    }
    if (association !== undefined && !request.allowReassociation) {
      throw new Ec2Error(
        'Resource.AlreadyAssociated',
        `resource ${request.allocationId} is already associated with associate-id ${association.id}`,
      );
    }
    const displaced = this.addresses.current().find((other) => other.association?.interfaceId === target.interfaceId);
    if (displaced !== undefined) this.#putWithout(displaced);
    const made = this.#associationTo(target);
    this.put({ ...elasticIp, association: made });
    this.#fleet().settlePublicAddress(target.instance.id);
    if (association !== undefined) this.#fleet().settlePublicAddress(association.instanceId);
    return made.id;
  }

  disassociate(associationId: string): void {
    const elasticIp = this.addresses.current().find(({ association }) => association?.id === associationId);
    if (elasticIp?.association === undefined) {
      throw new Ec2Error('InvalidAssociationID.NotFound', `The association ID '${associationId}' does not exist`);
    }
    this.#putWithout(elasticIp);
    this.#fleet().settlePublicAddress(elasticIp.association.instanceId);
  }

  /** "When you terminate an instance, its Elastic IP addresses are disassociated", and stay allocated. */
  disassociateFrom(instanceId: string): void {
    for (const elasticIp of this.addresses.current()) {
      if (elasticIp.association?.instanceId === instanceId) this.#putWithout(elasticIp);
    }
  }

  /**
   * "Create a reverse DNS record for email on Amazon EC2": the forward record must be there before. EC2 says so in its
   * answer to the call; the code is not documented.
   */
  setReverseDns(allocationId: string, domainName: string): void {
    const elasticIp = this.#require(allocationId);
    const name = domainName.toLowerCase().replace(/\.$/, '');
    if (this.#settings.resolvesTo?.(name, elasticIp.address) !== true) {
      throw invalidParameter(`The domain name ${name} does not resolve to the address ${elasticIp.address}.`);
    }
    this.#updateReverseDns(elasticIp, `${name}.`);
  }

  resetReverseDns(allocationId: string): void {
    this.#updateReverseDns(this.#require(allocationId), '');
  }

  reverseDnsOf(allocationId: string): ReverseDns {
    const { record, update } = this.#require(allocationId).reverseDns ?? {};
    if (update === undefined || update.doneAtMs > this.#settings.timeline.now())
      return { ...(record === undefined ? {} : { record }), ...(update === undefined ? {} : { update }) };
    return update.value === '' ? {} : { record: update.value };
  }

  #updateReverseDns(elasticIp: ElasticIp, value: string): void {
    const { record } = this.reverseDnsOf(elasticIp.allocationId);
    const doneAtMs = this.#settings.timeline.now() + this.#reverseDnsMs;
    const reverseDns = { ...(record === undefined ? {} : { record }), update: { value, doneAtMs } };
    this.put({ ...elasticIp, reverseDns });
  }

  put(address: ElasticIp): void {
    this.addresses.put(address.allocationId, address, this.#settings.timeline.now());
  }

  #putWithout(elasticIp: ElasticIp): void {
    const { association: _association, ...free } = elasticIp;
    this.put(free);
  }

  #require(allocationId: string): ElasticIp {
    const address = this.find(allocationId);
    if (address === undefined) throw allocationNotFound([allocationId]);
    return address;
  }

  #associationTo({ instance, interfaceId }: Target): Association {
    const privateAddress = instance.interfaces.find(({ id }) => id === interfaceId)?.privateAddress ?? '';
    return { id: resourceId('eipassoc', this.#settings.newId), instanceId: instance.id, interfaceId, privateAddress };
  }

  #target({ instanceId, networkInterfaceId }: AssociateRequest): Target {
    if ((instanceId === undefined) === (networkInterfaceId === undefined)) {
      throw invalidParameter('You must specify either InstanceId or NetworkInterfaceId, but not both.');
    }
    const target =
      instanceId === undefined ? this.#byInterface(networkInterfaceId ?? '') : this.#byInstance(instanceId);
    refuseUnready(target.instance);
    return target;
  }

  #byInstance(instanceId: string): Target {
    const instance = this.#fleet().find(instanceId);
    if (instance === undefined) throw instanceNotFound([instanceId]);
    const [first, second] = instance.interfaces;
    if (first === undefined || second !== undefined) {
      throw new Ec2Error(
        'InvalidInstanceID',
        `There are multiple interfaces attached to instance '${instanceId}'. Please specify an interface ID for the operation instead.`,
      );
    }
    return { instance, interfaceId: first.id };
  }

  #byInterface(interfaceId: string): Target {
    const instance = this.#fleet()
      .instances.current()
      .find(({ state, interfaces }) => state !== 'terminated' && interfaces.some(({ id }) => id === interfaceId));
    if (instance !== undefined) return { instance, interfaceId };
    throw new Ec2Error('InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${interfaceId}' does not exist`);
  }
}

function refuseUnready(instance: Instance): void {
  if (instance.state === 'pending') {
    throw new Ec2Error(
      'IncorrectInstanceState',
      `The pending instance '${instance.id}' is not in a valid state for this operation.`,
    );
  }
  if (isGoing(instance)) {
    throw new Ec2Error(
      'IncorrectInstanceState',
      `The instance '${instance.id}' is ${instance.state}, not in a valid state for this operation.`,
    );
  }
}
