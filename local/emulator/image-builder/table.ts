import { isObject, type Json, type JsonObject } from '../../json.ts';
import { Refusal } from './refusal.ts';

/** Anything that Image Builder keeps, under its ARN. */
export interface Item {
  readonly arn: string;
  /** The part of the ARN that says what it is, such as `image-recipe`. */
  readonly type: string;
  /** When it was made, in milliseconds. */
  readonly at: number;
  /** Its members, as all of its reads and lists together show them. */
  content: JsonObject;
  policy?: string;
}

/** An ARN taken apart; what has no versions has only a base. */
interface Parts {
  /** Without the version, such as `arn:aws:imagebuilder:us-east-1:123456789012:component/agent`. */
  readonly base: string;
  readonly type: string;
  readonly region: string;
  /** Such as `1.0.x`. */
  readonly version: string | undefined;
  readonly build: number | undefined;
}

const arnForm = /^(arn:[^:]*:imagebuilder:([^:]*):[^:]*:([a-z-]+)\/[^/]+)(?:\/([^/]+))?(?:\/(\d+))?$/;

/** Takes an ARN of Image Builder apart. */
export function partsOf(arn: string): Parts {
  const [, base = arn, region = '', type = '', version, build] = arnForm.exec(arn) ?? [];
  return { base, type, region, version, build: build === undefined ? undefined : Number(build) };
}

const numbers = (version = ''): number[] => version.split('.').map(Number);
/** AWS's limit of each node of a version. */
const most = 2 ** 30 - 1;

/** Everything of every Region, by ARN: nothing here differs from type to type but its members. */
export class Table {
  readonly #items = new Map<string, Item>();

  add(item: Item): void {
    this.#items.set(item.arn, item);
  }

  delete(arn: string): void {
    this.#items.delete(arn);
  }

  /** The items of a type in a Region, oldest first. */
  all(type: string, region: string): Item[] {
    return [...this.#items.values()].filter((item) => item.type === type && partsOf(item.arn).region === region);
  }

  /** What an ARN names: with wildcards, or without a build, the newest that fits. */
  find(arn: string): Item | undefined {
    const exact = this.#items.get(arn);
    const { base, version, build } = partsOf(arn);
    if (exact !== undefined || version === undefined || build !== undefined) return exact;
    return this.versions(base, version).at(-1);
  }

  /** What an ARN names, or the service's refusal. */
  get(arn: string): Item {
    const found = this.find(arn);
    if (found === undefined) throw unknown(arn);
    return found;
  }

  /** Whether a pipeline or a recipe names something, with wildcards too. */
  isUsed({ arn }: Item, region: string): boolean {
    return ['image-pipeline', 'image-recipe', 'container-recipe']
      .flatMap((type) => this.all(type, region))
      .some(({ content }) => namedIn(content).some((name) => this.find(name)?.arn === arn));
  }

  /** The versions and builds under a name that fit a pattern such as `1.x.x`, oldest first. */
  versions(base: string, pattern = 'x.x.x'): Item[] {
    const wanted = pattern.split('.');
    const fits = ({ arn }: Item) => {
      const own = partsOf(arn);
      return own.base === base && wanted.every((node, n) => node === 'x' || Number(node) === numbers(own.version)[n]);
    };
    return [...this.#items.values()].filter(fits).sort((a, b) => compare(order(a), order(b)));
  }

  /** The ARN of the next build of a version. */
  nextBuild(base: string, version: string): string {
    const newest = this.versions(base, version).at(-1);
    return `${base}/${version}/${1 + (newest === undefined ? 0 : (partsOf(newest.arn).build ?? 0))}`;
  }

  /** The version that a new one under a name gets: the first wildcard counts on from what there is. */
  nextVersion(base: string, wanted: string): string {
    const nodes = wanted.split('.');
    const first = nodes.indexOf('x');
    const isOrdered = first < 0 || nodes.slice(first).every((node) => node === 'x');
    const invalid = (why: string) => new Refusal('InvalidVersionNumberException', `The version number ${wanted} is not valid. ${why}`);
    if (!isOrdered) throw invalid('All nodes to the right of a wildcard must be wildcards.');
    if (nodes.some((node) => Number(node) > most)) throw invalid(`A node is at most ${most}.`);
    if (first < 0) return nodes.map(Number).join('.');
    const newest = this.versions(base, wanted).at(-1);
    const counted = newest === undefined ? -1 : (numbers(partsOf(newest.arn).version)[first] ?? -1);
    // [U] where a count begins: https://aws.amazon.com/about-aws/whats-new/2025/11/ec2-image-builder-auto-versioning-infrastructure/
    const begun = first === 0 && counted < 0 ? 1 : counted + 1;
    return nodes.map((node, n) => (n < first ? Number(node) : n === first ? begun : 0)).join('.');
  }
}

/** The refusal of what is not there; [U] the text. */
export function unknown(arn: string): Refusal {
  return new Refusal('ResourceNotFoundException', `The resource with the ARN '${arn}' does not exist.`);
}

/** The ARNs by which each newer version of something is meant too. */
export function latestReferences(arn: string): JsonObject {
  const { base, version } = partsOf(arn);
  const [major, minor, patch] = numbers(version);
  return {
    latestVersionArn: `${base}/x.x.x`,
    latestMajorVersionArn: `${base}/${major}.x.x`,
    latestMinorVersionArn: `${base}/${major}.${minor}.x`,
    latestPatchVersionArn: `${base}/${major}.${minor}.${patch}`,
  };
}

/** Every ARN inside a value but its own. */
function namedIn(value: Json): string[] {
  if (typeof value === 'string') return value.startsWith('arn:') ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(namedIn);
  return isObject(value) ? Object.entries(value).flatMap(([key, one]) => (key === 'arn' ? [] : namedIn(one))) : [];
}

function order({ arn }: Item): number[] {
  const { version, build = 0 } = partsOf(arn);
  return [...numbers(version), build];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const n = a.findIndex((node, index) => node !== b[index]);
  return n < 0 ? 0 : (a[n] ?? 0) - (b[n] ?? 0);
}
