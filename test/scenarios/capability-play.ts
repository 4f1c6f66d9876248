import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { createRegistry } from '../../lib/aws/registry.ts';
import type { Configuration } from '../../lib/config/configuration.ts';
import { hashOf } from '../../lib/model/token.ts';
import { resolve } from '../../local/dns/resolve.ts';
import type { Change } from '../../local/route53/resource-record-set.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const SUBNETS = { a: 'subnet-0000000000000a001', b: 'subnet-0000000000000b001' } as const;

export const ZONES = {
  pub: { name: 'example.com', id: 'Z0PUB' },
  int: { name: 'corp.internal', id: 'Z0INT', private: true },
  rev: { name: '10.in-addr.arpa', id: 'Z0REV', private: true },
  six: { name: 'ip6.arpa', id: 'Z0SIX' },
} as const;

/** One event in the life of a fleet; instances are meant by the order in which they came, the first is 1. */
export type Event =
  | {
      readonly launch: string;
      readonly count?: number;
      readonly in?: 'a' | 'b';
      readonly ipv6?: true;
      readonly profile?: string;
      readonly tags?: Readonly<Record<string, string>>;
    }
  | { readonly terminate: number }
  | { readonly stop: number }
  | { readonly start: number }
  /** Its status checks find it impaired, or well again. */
  | { readonly fail: number }
  | { readonly pass: number }
  | { readonly drain: number }
  /** What a host outside EC2 tells of itself. */
  | { readonly host: string; readonly address: string }
  | { readonly edit: readonly ['UPSERT' | 'DELETE', name: string, 'A', ...values: string[]] }
  | { readonly wait: number }
  | { readonly deploy: Partial<Configuration> };

export interface Step {
  readonly event: Event;
  /** Question to answer, as a DNS client has it. */
  readonly answers: Readonly<Record<string, string>>;
  /** What Route 53 accepted, a list for each request; the serial is left out. */
  readonly batches: readonly (readonly string[])[];
}

export interface Row {
  readonly title: string;
  readonly configuration: Partial<Configuration> & Pick<Configuration, 'roles'>;
  /** How many Elastic IPs there are in the pool `p`. */
  readonly pool?: number;
  readonly steps: readonly Step[];
}

/** A row as it is played: the world, and the ids that instances got. */
export class Play {
  readonly world: World;
  readonly #fleet: string[] = [];
  readonly #configuration: Configuration;
  #seen = 0;

  private constructor(world: World, configuration: Configuration) {
    this.world = world;
    this.#configuration = configuration;
  }

  static async open({ configuration, pool = 0 }: Row): Promise<Play> {
    const whole = { owner: 'test', zones: ZONES, allowLargeChange: true, ...configuration };
    const world = await World.open(whole, {
      before: withAddresses(...Array<string>(pool).fill('p')),
    });
    await world.advance(10);
    return new Play(world, whole);
  }

  async carryOut(event: Event): Promise<void> {
    if ('launch' in event) {
      const { launch, count = 1, in: zone = 'a', ipv6 = false, profile, tags = {} } = event;
      const instanceProfile = profile === undefined ? {} : { instanceProfile: profile };
      this.#fleet.push(
        ...(await this.world.launch(launch, { count, ipv6, tags, subnetId: SUBNETS[zone], ...instanceProfile })),
      );
    } else if ('terminate' in event) await this.world.terminate(this.#instance(event.terminate));
    else if ('stop' in event) await this.world.stop(this.#instance(event.stop));
    else if ('start' in event) await this.world.start(this.#instance(event.start));
    else if ('fail' in event) this.world.account.ec2.failStatusCheck(this.#instance(event.fail));
    else if ('pass' in event) this.world.account.ec2.passStatusCheck(this.#instance(event.pass));
    else if ('drain' in event) await this.#drain(this.#instance(event.drain));
    else if ('host' in event) await this.#update(event.host, event.address);
    else if ('edit' in event) await this.#edit(event.edit);
    else if ('deploy' in event) await this.world.update({ ...this.#configuration, ...event.deploy });
    await this.world.advance('wait' in event ? event.wait : 10);
  }

  async #drain(instanceId: string): Promise<void> {
    const Tags = [{ Key: 'rolecall:drain', Value: 'yes' }];
    await this.world.user.ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags }));
  }

  async #update(host: string, address: string): Promise<void> {
    const table = this.world.stack.outputs['RegistryTable'] ?? '';
    const registry = createRegistry(this.world.user.dynamodb, { table }, this.world.timeline, { id: () => host });
    await registry.putToken({ name: host, use: 'update', hash: hashOf(host), createdAtMs: 0 }, true);
    const authorization = `Basic ${Buffer.from(`${host}:${host}`).toString('base64')}`;
    await this.world.request(`/nic/update?hostname=web.example.com&myip=${address}`, { headers: { authorization } });
  }

  async #edit([action, name, type, ...values]: Extract<Event, { edit: unknown }>['edit']): Promise<void> {
    await this.world.edit(
      name.endsWith('corp.internal') ? ZONES.int.id : ZONES.pub.id,
      action,
      name,
      type,
      60,
      ...values,
    );
    this.#seen += 1;
  }

  #instance(number: number): string {
    return this.#fleet[number - 1] ?? '';
  }

  /**
   * What a client gets for `name type`, the values in order; with the code where there is nothing. A third word `inside`
   * asks as the VPC does, `outside` as everybody else, and a fraction is what the weights are drawn by.
   */
  answer(question: string): string {
    const [name = '', type = '', how = ''] = question.split(' ');
    const asked = this.#fleet.reduce((text, id, index) => text.replaceAll(`i-${index + 1}.`, `${id}.`), name);
    const zones = this.world.account.route53.servedZones();
    const seen = how === 'outside' ? zones.filter(({ vpc }) => vpc === undefined) : zones;
    const draw = Number(how);
    const { code, answers } = resolve({ name: asked, type }, seen, () => (draw > 0 ? draw : 0.5));
    return answers.length === 0
      ? code === 'NXDOMAIN'
        ? code
        : 'no such type'
      : this.#shown(answers.map(valueOf).sort().join(', '));
  }

  /** The batches since it was last asked: `+` created, `-` deleted. */
  batches(): string[][] {
    const { batches } = this.world.account.route53;
    const fresh = batches.slice(this.#seen).map(({ changes }) => changes.flatMap((change) => this.#line(change)));
    this.#seen = batches.length;
    return fresh;
  }

  #line({ action, set }: Change): string[] {
    if (set.name.includes('._rolecall.')) return [];
    const { name, type, ttlSeconds, values, setIdentifier, weight } = set;
    const place = `${action === 'DELETE' ? '-' : '+'} ${name.replace(/\.$/, '').replace('\\052', '*')} ${type} ${ttlSeconds}`;
    const routing = setIdentifier === undefined ? '' : ` [${setIdentifier}${weight === undefined ? '' : ` ${weight}`}]`;
    return [this.#shown(`${place}${routing} ${values.join(' ')}`)];
  }

  #shown(text: string): string {
    return this.#fleet.reduce((shown, id, index) => shown.replaceAll(id, `i-${index + 1}`), text);
  }
}

function valueOf(answer: { readonly type: string; readonly data?: unknown }): string {
  const { data } = answer;
  if (answer.type === 'CNAME') return `> ${String(data)}`;
  if (typeof data !== 'object' || data === null) return String(data);
  const { preference, exchange, weight, port, target } = data as Readonly<Record<string, unknown>>;
  return answer.type === 'MX'
    ? `${String(preference)} ${String(exchange)}`
    : `${String(weight)} ${String(port)} ${String(target)}`;
}
