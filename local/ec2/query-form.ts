/** The flat parameters of a query-protocol request (`Filter.1.Value.2=…`), read as a tree. */
export class QueryForm {
  readonly #values: ReadonlyMap<string, string>;

  private constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  static parse(body: string): QueryForm {
    return new QueryForm(new Map(new URLSearchParams(body)));
  }

  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  integer(name: string): number | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    return /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  }

  flag(name: string): boolean | undefined {
    const value = this.#values.get(name);
    return value === undefined ? undefined : value === 'true';
  }

  /** The values of `name.1`, `name.2`, … in their order. */
  list(name: string): readonly string[] {
    return this.children(name).flatMap((child) => child.text('') ?? []);
  }

  /** What lies under `name.1`, `name.2`, … in their order. A plain value is the member with the empty name. */
  children(name: string): readonly QueryForm[] {
    const numbered = new Map<number, Map<string, string>>();
    for (const [key, value] of this.#values) {
      const match = key.startsWith(`${name}.`) ? /^(\d+)(?:\.(.+))?$/.exec(key.slice(name.length + 1)) : null;
      if (match === null) continue;
      const index = Number(match[1]);
      const members = numbered.get(index) ?? new Map<string, string>();
      members.set(match[2] ?? '', value);
      numbered.set(index, members);
    }
    return [...numbered].sort(([one], [other]) => one - other).map(([, members]) => new QueryForm(members));
  }
}
