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
  /** The function that holds it, under its own role or under one that it assumed. */
  readonly function?: string | undefined;
  kill?(): void;
}

/** Knows who calls by the access key that the call was signed with. */
export class Callers {
  readonly #users: { readonly [accessKeyId: string]: string };
  readonly #sessions = new Map<string, Session>();
  #organization: { readonly id: string; readonly accounts: readonly string[] } | undefined;

  constructor(users: { readonly [accessKeyId: string]: string } = {}) {
    this.#users = users;
  }

  /** The organization of an account, as IAM's keys name it; undefined where it is of none. */
  organizationOf(account: string): string | undefined {
    return this.#organization?.accounts.includes(account) ? this.#organization.id : undefined;
  }

  /** Makes accounts an organization's. */
  join(id: string, accounts: readonly string[]): void {
    this.#organization = { id, accounts };
  }

  /** Makes an access key for the person in another account. */
  userIn(account: string): { accessKeyId: string; secretAccessKey: string; sessionToken: string } {
    const accessKeyId = `AKIA${account}DANA`;
    this.#sessions.set(accessKeyId, { caller: { kind: 'user', name: defaultUser, account } });
    return { accessKeyId, secretAccessKey: userCredentials.secretAccessKey, sessionToken: 'local-cloud-checks-no-token' };
  }

  /** Makes access keys for a function under its role; `kill` ends the function's process. */
  enter(name: string, roleArn: string, kill: () => void): { accessKeyId: string; secretAccessKey: string; sessionToken: string } {
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    this.#sessions.set(accessKeyId, { caller: { kind: 'function', name, roleArn, since: new Date() }, function: name, kill });
    return { accessKeyId, secretAccessKey: randomBytes(20).toString('hex'), sessionToken: randomBytes(20).toString('hex') };
  }

  /** Remembers who got an access key from STS, and with which key they asked for it. */
  assume(accessKeyId: string, caller: Caller, askedWith: string | undefined): void {
    this.#sessions.set(accessKeyId, { ...this.#sessions.get(askedWith ?? ''), caller });
  }

  /** Whoever holds an access key: a function, a session under a role, or else a user. */
  of(accessKeyId: string): Caller {
    return this.#sessions.get(accessKeyId)?.caller ?? { kind: 'user', name: this.#users[accessKeyId] ?? defaultUser };
  }

  /** The name of the function that holds an access key, also one of a role that it assumed. */
  functionOf(accessKeyId: string): string | undefined {
    return this.#sessions.get(accessKeyId)?.function;
  }

  /** Ends the process of the function that holds an access key. */
  kill(accessKeyId: string): void {
    this.#sessions.get(accessKeyId)?.kill?.();
  }
}
