import { randomBytes } from 'node:crypto';
import type { Caller } from './identity.ts';

/** The access key of the person who uses the local cloud. */
export const userCredentials = { accessKeyId: 'AKIALOCALCLOUDDANA01', secretAccessKey: 'local-cloud-checks-no-signature' } as const;

/** The key with which services call under their own roles. */
export const SERVICE_KEY = 'ASIALOCALSERVICE0001';

/** The name of the IAM user whose key is not known otherwise. */
const defaultUser = 'dana';

interface Session {
  readonly caller: Caller;
  kill?(): void;
}

/** Knows who calls by the access key that the call was signed with. */
export class Callers {
  readonly #users: { readonly [accessKeyId: string]: string };
  readonly #sessions = new Map<string, Session>();

  constructor(users: { readonly [accessKeyId: string]: string } = {}) {
    this.#users = users;
  }

  /** Makes access keys for a function under its role; `kill` ends the function's process. */
  enter(name: string, roleArn: string, kill: () => void): { accessKeyId: string; secretAccessKey: string; sessionToken: string } {
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    this.#sessions.set(accessKeyId, { caller: { kind: 'function', name, roleArn, since: new Date() }, kill });
    return { accessKeyId, secretAccessKey: randomBytes(20).toString('hex'), sessionToken: randomBytes(20).toString('hex') };
  }

  /** Remembers who got an access key from STS. */
  assume(accessKeyId: string, caller: Caller): void {
    this.#sessions.set(accessKeyId, { caller });
  }

  /** Whoever holds an access key: a function, a session under a role, or else a user. */
  of(accessKeyId: string): Caller {
    return this.#sessions.get(accessKeyId)?.caller ?? { kind: 'user', name: this.#users[accessKeyId] ?? defaultUser };
  }

  /** Ends the process of the function that holds an access key. */
  kill(accessKeyId: string): void {
    this.#sessions.get(accessKeyId)?.kill?.();
  }
}
