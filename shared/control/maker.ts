import { createHash } from 'node:crypto';
import { issuerOf, type Made, madeWith, nameOfArn, serviceOf } from './actor.ts';
import { type CloudTrailRecord, stringAt } from './record.ts';

/**
 * Who made a resource, as far as one record says: a person, a workload under a role, an AWS service,
 * or CloudFormation for somebody (`name` is whom it acted for, if the record shows a person).
 */
export type Maker = Made & {
  readonly is: 'person' | 'workload' | 'service' | 'stack' | 'unknown';
  readonly name: string;
  /** The session's name, where whoever began it chose it; a person's only under a role of which that is known. */
  readonly session?: string;
  /** The UTC day, `YYYY-MM-DD`: not the second, so that the tags of a burst are equal; empty if the record has none. */
  readonly day: string;
};

type Identity = CloudTrailRecord['userIdentity'];
type Caller = Pick<Maker, 'is' | 'name' | 'session'>;

const unknown: Caller = { is: 'unknown', name: 'unknown' };
const stacks = ['cloudformation.amazonaws.com', 'servicecatalog.amazonaws.com'];

/** Session names that a library draws by itself: they name nobody, and differ at every call. */
const drawn = /^(?:botocore-session-\d+|aws-[\w-]*-\d{6,}|[\w.-]*\d{10,}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i;

/** Who made what a record is about; what it does not say is `unknown`, never a guess, and nothing that it holds makes this throw. */
export function makerOf(record: CloudTrailRecord): Maker {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(record.eventTime)?.[0] ?? '';
  return { ...callerOf(record.userIdentity), ...madeWith(record), day };
}

/** Whom an ARN names, where AWS shows no more than that: a launch template's `CreatedBy`. */
export function makerOfArn(arn: string): Caller {
  if (arn.endsWith(':root')) return { is: 'person', name: 'root' };
  if (/:assumed-role\//.test(arn)) return sessionOf(arn, undefined);
  const name = /:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  return name ? { is: 'person', name } : unknown;
}

/** The same for the same name and account, and no address: a pseudonym, for whoever knows the name can compute it too. */
export function pseudonym(name: string, account: string): string {
  return `id-${createHash('sha256').update(`${account} ${name}`).digest('hex').slice(0, 16)}`;
}

function callerOf(identity: Identity): Caller {
  const own = principalOf(identity);
  const service = serviceOf(identity);
  if (!service) return own;
  // with a service role the record shows that role; without one, whoever works on the stack
  if (stacks.includes(service)) return { is: 'stack', name: own.is === 'person' && own.name !== 'root' ? own.name : '' };
  // a service that acts for a person who asked for it: the person is the one to ask
  return own.is === 'person' && own.name !== 'root' ? own : { is: 'service', name: service };
}

function principalOf(identity: Identity): Caller {
  const { type, arn, userName, principalId, accountId } = identity ?? {};
  switch (type) {
    case 'Root':
      return { is: 'person', name: 'root' };
    case 'AssumedRole':
      return sessionOf(arn ?? '', identity);
    case 'IdentityCenterUser':
      return personOf(stringAt(identity, 'onBehalfOf', 'userId') ?? userName);
    case 'AWSService':
      return identity?.invokedBy ? { is: 'service', name: identity.invokedBy } : unknown;
    case 'AWSAccount':
      return accountId ? { is: 'workload', name: `account ${accountId}` } : unknown;
    case 'FederatedUser':
      return federatedOf(arn ?? '', identity);
    case 'IAMUser':
    case 'SAMLUser':
    case 'WebIdentityUser':
    case 'Directory':
      return personOf(userName ?? nameOfArn(arn ?? null) ?? principalId?.split(':').at(-1));
    default:
      return unknown;
  }
}

function personOf(name: string | undefined): Caller {
  return name ? { is: 'person', name } : unknown;
}

/** The person behind a role of IAM Identity Center, in whose path only AWS makes roles; the workload elsewhere. */
function sessionOf(arn: string, identity: Identity): Caller {
  const [, role = stringAt(identity, 'sessionContext', 'sessionIssuer', 'userName'), session = ''] =
    /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  const isReserved = /:role\/aws-reserved\/sso\.amazonaws\.com\/(?:[a-z0-9-]+\/)?AWSReservedSSO_[^/]+$/.test(issuerOf(identity) ?? '');
  if (session && isReserved) return { is: 'person', name: session };
  if (!role) return unknown;
  if (!session || drawn.test(session)) return { is: 'workload', name: role };
  return { is: 'workload', name: `${role}/${session}`, session };
}

/** A session that an IAM user began under a name of its choice. */
function federatedOf(arn: string, identity: Identity): Caller {
  const user = stringAt(identity, 'sessionContext', 'sessionIssuer', 'userName') ?? 'federated-user';
  const session = /:federated-user\/(.+)$/.exec(arn)?.[1];
  return session ? { is: 'workload', name: `${user}/${session}`, session } : unknown;
}
