import type { FirstQueues } from '../runtime/first-queues.ts';
import type { Telemetry } from '../runtime/telemetry.ts';
import type { Callers } from '../trail/callers.ts';
import { account as ownAccount } from '../trail/identity.ts';
import type { AwsCall } from './aws-call.ts';
import type { Additions } from './gaps/addition.ts';
import { allAdditions } from './gaps/all.ts';
import type { MotoClient } from './moto-client.ts';
import type { PlayedOrganization } from './organization.ts';
import { ServiceLaunches } from './service-launches.ts';
import type { DeployedStack } from './stack.ts';

/** What all accounts of a run share. */
export interface AccountsOptions {
  readonly moto: MotoClient;
  readonly callers: Callers;
  readonly firstQueues: FirstQueues;
  readonly telemetry: Telemetry;
  /** The names of functions whose mappings are disabled. */
  readonly disabled: Set<string>;
  /** How long the lists of Image Builder do not show what is new, in milliseconds. */
  readonly listLag?: number | undefined;
  /** The organization, where StackSets deploy to its accounts. */
  organizationOf(): PlayedOrganization | undefined;
  /** The stack, once requests are answered. */
  stackOf(): Pick<DeployedStack, 'resources' | 'mappings'>;
}

/** What one account of the local cloud has for itself. */
interface OneAccount {
  readonly moto: MotoClient;
  readonly additions: Additions;
  readonly launches: ServiceLaunches;
}

/** The accounts of the local cloud, of which one has the stack. */
export class Accounts {
  readonly #options: AccountsOptions;
  readonly #accounts = new Map<string, OneAccount>();

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** The account that a call is made in. */
  of({ account }: Pick<AwsCall, 'account'>): OneAccount {
    const known = this.#accounts.get(account) ?? this.#made(account);
    this.#accounts.set(account, known);
    return known;
  }

  #made(account: string): OneAccount {
    const { moto: every, firstQueues, stackOf: own } = this.#options;
    const isOwn = account === ownAccount;
    const moto = isOwn ? every : every.in(account);
    const stackOf = () => (isOwn ? own() : { resources: [], mappings: [] });
    const additions = allAdditions({ ...this.#options, queues: firstQueues, stackOf });
    return { moto, additions, launches: new ServiceLaunches(moto, account) };
  }
}
