import { createHash } from 'node:crypto';
import { nameOfArn, viaOf } from './actor.ts';
import { type CloudTrailRecord, stringAt } from './record.ts';

/**
 * Who made a resource, as far as one record says: a person, a workload under a role, an AWS service,
 * or CloudFormation for somebody (`name` is whom it acted for, if the record shows a person).
 */
export type Maker = {
  readonly is: 'person' | 'workload' | 'service' | 'stack' | 'unknown';
  readonly name: string;
  /** The tool, such as `Terraform`. */
  readonly via: string;
  /** The UTC day, `YYYY-MM-DD`: not the second, so that the tags of a burst are equal; empty if the record has none. */
  readonly day: string;
};

type Identity = CloudTrailRecord['userIdentity'];
type Caller = Pick<Maker, 'is' | 'name'>;

const unknown: Caller = { is: 'unknown', name: 'unknown' };
const stacks = ['cloudformation.amazonaws.com', 'servicecatalog.amazonaws.com'];

/** Session names that a library draws by itself: they name nobody, and differ at every call. */
const drawn = /^(?:botocore-session-\d+|aws-[\w-]*-\d{6,}|[\w.-]*\d{10,}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/i;

/** Who made what a record is about; what it does not say is `unknown`, never a guess, and nothing that it holds makes this throw. */
export function makerOf(record: CloudTrailRecord): Maker {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(record.eventTime)?.[0] ?? '';
  return { ...callerOf(record.userIdentity), via: viaOf(record), day };
}

/** Whom an ARN names, where AWS shows no more than that: a launch template's `CreatedBy`. */
export function makerOfArn(arn: string): Caller {
  if (arn.endsWith(':root')) return { is: 'person', name: 'root' };
  if (/:assumed-role\//.test(arn)) return sessionOf(arn, undefined);
  const name = /:(?:user|federated-user)\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  return name ? { is: 'person', name } : unknown;
}

/** The same for the same name and account, and no address: a pseudonym, for whoever knows the name can compute it too. */
export function pseudonym(name: string, account: string): string {
  return `id-${createHash('sha256').update(`${account} ${name}`).digest('hex').slice(0, 16)}`;
}

function callerOf(identity: Identity): Caller {
  const own = principalOf(identity);
  const invokedBy = serviceIn(identity?.invokedBy);
  if (!invokedBy) return own;
  // with a service role the record shows that role; without one, whoever works on the stack
  if (stacks.includes(invokedBy)) return { is: 'stack', name: own.is === 'person' && own.name !== 'root' ? own.name : '' };
  // a service that acts for a person who asked for it: the person is the one to ask
  return own.is === 'person' && own.name !== 'root' ? own : { is: 'service', name: invokedBy };
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
    case 'IAMUser':
    case 'FederatedUser':
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

/** The person behind a role under IAM Identity Center, the workload elsewhere. */
function sessionOf(arn: string, identity: Identity): Caller {
  const issuer = stringAt(identity, 'sessionContext', 'sessionIssuer', 'arn') ?? '';
  const service = /:role\/aws-service-role\/([^/]+)\//.exec(issuer)?.[1];
  const [, role = stringAt(identity, 'sessionContext', 'sessionIssuer', 'userName'), session = ''] =
    /:assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  if (service || role?.startsWith('AWSServiceRoleFor')) return { is: 'service', name: service ?? role ?? 'unknown' };
  if (session === 'AWSCloudFormation') return { is: 'stack', name: '' };
  if (session && (role?.startsWith('AWSReservedSSO_') || /^[^@\s]+@[^@\s]+$/.test(session))) return { is: 'person', name: session };
  if (!role) return unknown;
  return { is: 'workload', name: session && !drawn.test(session) ? `${role}/${session}` : role };
}

/** `AWS Internal` and the console's sign-in are no services that act. */
function serviceIn(invokedBy: string | undefined): string | undefined {
  return invokedBy?.endsWith('.amazonaws.com') && invokedBy !== 'signin.amazonaws.com' ? invokedBy : undefined;
}
