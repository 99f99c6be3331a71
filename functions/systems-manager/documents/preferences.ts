import { isDeepStrictEqual } from 'node:util';
import type { GetDocumentResult } from '@aws-sdk/client-ssm';
import { at, stringAt } from '#shared/control/record.ts';
import { Secret } from '#shared/control/secret.ts';

/** The document that holds the preferences of Session Manager, of which there is one an account and Region. */
export const PREFERENCES = 'SSM-SessionManagerRunShell';

/** The inputs that demand an encrypted bucket, and an encrypted log group. */
export const flagNames = { bucket: 's3EncryptionEnabled', group: 'cloudWatchEncryptionEnabled' } as const;

/** As it is written: many write it as text, and null means not at all. */
type Flag = boolean | 'true' | 'false' | null;

/** Both flags. */
export type Flags = { readonly bucket: Flag; readonly group: Flag };

/** What begins the name of a version that Redress wrote. */
const OURS = 'redress-';

type Members = { readonly [key: string]: unknown };

/** One version of the preferences. Its shell profile and its user never leave: all it shows is flags, and where logs go. */
export class Preferences {
  readonly version: string;
  readonly isOurs: boolean;
  /** Where logs go; undefined where the input is absent or empty. */
  readonly bucket: string | undefined;
  readonly group: string | undefined;
  readonly flags: Flags;
  readonly #document: Members;
  readonly #inputs: Members;

  /** Reads a version that is JSON; undefined if it is none of the shape that AWS documents, or leaves a flag to the session. */
  static of({ Content, DocumentVersion, VersionName }: GetDocumentResult): Preferences | undefined {
    const document = parsed(Content ?? '');
    const inputs = at(document, 'inputs');
    if (!isMembers(document) || !isMembers(inputs) || DocumentVersion === undefined) return undefined;
    const [bucket, group] = [inputs[flagNames.bucket] ?? null, inputs[flagNames.group] ?? null];
    if (!isFlag(bucket) || !isFlag(group)) return undefined;
    return new Preferences(DocumentVersion, VersionName, document, inputs, { bucket, group });
  }

  private constructor(version: string, versionName: string | undefined, document: Members, inputs: Members, flags: Flags) {
    this.version = version;
    this.isOurs = versionName?.startsWith(OURS) ?? false;
    this.#document = document;
    this.#inputs = inputs;
    this.flags = flags;
    this.bucket = stringAt(inputs, 's3BucketName');
    this.group = stringAt(inputs, 'cloudWatchLogGroupName');
  }

  /** Whether both say the same but for the flags. */
  isSameButFlags(other: Preferences): boolean {
    return isDeepStrictEqual(parsed(this.#written({ bucket: null, group: null })), parsed(other.#written({ bucket: null, group: null })));
  }

  /** The content with these flags, and with every other member as it is. */
  with(flags: Flags): Secret {
    // AWS refuses a content that an older version has, to the byte [U], which an undo would write: white space tells them apart
    return new Secret(`${this.#written(flags)}${'\n'.repeat(Number(this.version) % 100)}`, `after version ${this.version}`);
  }

  /** The name of the version that follows this one. */
  get nextName(): string {
    return `${OURS}${this.version}`;
  }

  #written(flags: Flags): string {
    const set = Object.fromEntries([
      [flagNames.bucket, flags.bucket],
      [flagNames.group, flags.group],
    ]);
    const others = Object.entries({ ...this.#inputs, ...set }).filter(([key, value]) => !(Object.hasOwn(set, key) && value === null));
    return JSON.stringify({ ...this.#document, inputs: Object.fromEntries(others) }, null, 2);
  }
}

/** Whether a flag demands encryption. */
export function isOn(flag: Flag): boolean {
  return flag === true || flag === 'true';
}

/** A flag that demands encryption, written as the flag was. */
export function turnedOn(flag: Flag): Flag {
  return typeof flag === 'string' ? 'true' : true;
}

function isFlag(value: unknown): value is Flag {
  return value === null || typeof value === 'boolean' || value === 'true' || value === 'false';
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // never with the error: JSON's quotes what it could not read
    return undefined;
  }
}
