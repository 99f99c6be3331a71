import { inspect } from 'node:util';

/** What is written wherever a secret stood. */
const MASK = '[secret]';

/** A sensitive value that cannot be printed or serialised; only `reveal` gives it out, at the moment of sending. */
export class Secret {
  readonly #value: string;
  readonly #label: string | undefined;

  /** `label` is shown in the mask: a version, say, so that two plans that differ in the value alone are told apart. */
  constructor(value: string, label?: string) {
    this.#value = value;
    this.#label = label;
  }

  /** Stands in a command's input where the API takes a string; the engine puts the value in when it sends. */
  reference(): string {
    // the SDK's types know only strings, and nothing reads the input before `reveal`
    return this as unknown as string;
  }

  /** Whether both hold the same value. */
  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return this.#label === undefined ? MASK : `[secret: ${this.#label}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** A deep copy of a command's input with each secret's value in place, and the values, so that errors can be scrubbed. */
  static reveal(input: object): { input: object; values: string[] } {
    const values: string[] = [];
    const walk = (value: unknown): unknown => {
      if (value instanceof Secret) {
        values.push(value.#value);
        return value.#value;
      }
      if (Array.isArray(value)) return value.map(walk);
      if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Date) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
    };
    return { input: Object.fromEntries(Object.entries(input).map(([key, inner]) => [key, walk(inner)])), values };
  }
}
