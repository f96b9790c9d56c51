// Owns the rule that nothing in a template goes unnoticed: a property is read, or ignored for a reason, or an error.
import { ignoredProperty } from './ignored.ts';
import { NO_VALUE, type Scope } from './intrinsics.ts';

/** The properties of one resource, or of an object inside it; remembers which were read. */
export class Properties {
  private readonly unread: Set<string>;
  private readonly nested: Properties[] = [];

  constructor(
    private readonly scope: Scope,
    readonly type: string,
    /** `stack X, resource Y`. */
    readonly where: string,
    private readonly raw: Readonly<Record<string, unknown>>,
    private readonly path: readonly string[] = [],
  ) {
    this.unread = new Set(Object.keys(raw));
  }

  /** The resolved value, or undefined when it is not set. */
  value(name: string): unknown {
    this.unread.delete(name);
    if (this.raw[name] === undefined) return undefined;
    try {
      const resolved = this.scope.resolve(this.raw[name]);
      return resolved === NO_VALUE ? undefined : resolved;
    } catch (cause) {
      throw new Error(`${this.at(name)}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  optionalText(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'object') throw new Error(`${this.at(name)} should be text, is ${JSON.stringify(value)}`);
    return String(value);
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw new Error(`${this.at(name)} is missing`);
    return value;
  }

  optionalNumber(name: string): number | undefined {
    const value = this.optionalText(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (Number.isNaN(number)) throw new Error(`${this.at(name)} should be a number, is ${value}`);
    return number;
  }

  number(name: string, otherwise?: number): number {
    const value = this.optionalNumber(name) ?? otherwise;
    if (value === undefined) throw new Error(`${this.at(name)} is missing`);
    return value;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.optionalText(name);
    return value === undefined ? otherwise : value === 'true';
  }

  texts(name: string): readonly string[] {
    const value = this.value(name) ?? [];
    if (!Array.isArray(value)) throw new Error(`${this.at(name)} should be a list, is ${JSON.stringify(value)}`);
    return value.map(String);
  }

  /** An object inside this one; an empty one when it is not set. */
  object(name: string): Properties {
    this.unread.delete(name);
    return this.inner(name, (this.raw[name] ?? {}) as Readonly<Record<string, unknown>>);
  }

  /** Names that are set, for objects whose keys are data. */
  names(): readonly string[] {
    return Object.keys(this.raw);
  }

  has(name: string): boolean {
    return this.raw[name] !== undefined;
  }

  objects(name: string): readonly Properties[] {
    this.unread.delete(name);
    const list = this.raw[name] ?? [];
    if (!Array.isArray(list)) throw new Error(`${this.at(name)} should be a list, is ${JSON.stringify(list)}`);
    return list.map((item) => this.inner(name, item as Readonly<Record<string, unknown>>));
  }

  /** Requires a value that the emulator takes for granted. */
  only(name: string, expected: string): void {
    const value = this.optionalText(name);
    if (value !== undefined && value !== expected)
      throw new Error(`${this.at(name)} is ${value}, and only ${expected} is emulated`);
  }

  /** @throws Error naming every property that was neither read nor is ignored */
  done(): void {
    const unknown = this.leftovers();
    if (unknown.length > 0) {
      throw new Error(
        unknown
          .map(
            (path) =>
              `${this.where}, property ${path}: not known to the emulators: read it in local/assembly, or put it on the list in ignored.ts with the reason`,
          )
          .join('\n'),
      );
    }
  }

  private leftovers(): readonly string[] {
    const own = [...this.unread]
      .map((name) => [...this.path, name].join('.'))
      .filter((path) => ignoredProperty(this.type, path) === undefined);
    return [...own, ...this.nested.flatMap((inner) => inner.leftovers())];
  }

  private inner(name: string, raw: Readonly<Record<string, unknown>>): Properties {
    const inner = new Properties(this.scope, this.type, this.where, raw, [...this.path, name]);
    this.nested.push(inner);
    return inner;
  }

  private at(name: string): string {
    return `${this.where}, property ${[...this.path, name].join('.')}`;
  }
}
