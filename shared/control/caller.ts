import { type CloudTrailRecord, stringAt } from './record.ts';

/**
 * Who calls, as far as one record says: a person, a workload under a role, an AWS service,
 * or CloudFormation for somebody (`name` is whom it acted for, if the record shows a person).
 */
export type Caller = {
  readonly is: 'person' | 'workload' | 'service' | 'stack' | 'unknown';
  readonly name: string;
  /** What whoever began the session called it; a person's name only under a role of which that is known. */
  readonly session?: string;
};

type Identity = CloudTrailRecord['userIdentity'];

const unknown: Caller = { is: 'unknown', name: 'unknown' };
const stacks = ['cloudformation.amazonaws.com', 'servicecatalog.amazonaws.com'];
/** Services that launch what a role asks for, with that role's own rights: the role is the one to ask. */
const launchers = ['ec2fleet.amazonaws.com', 'spotfleet.amazonaws.com', 'spot.amazonaws.com', 'ec2.amazonaws.com'];

/** Session names that a library or a service draws for each run: they name nobody, and differ at every call. */
const drawn =
  /^(?:botocore-session-\d+|aws-[\w-]*-\d{6,}|[\w.-]*\d{10,})$|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![0-9a-z])[0-9a-f]{20,}(?![0-9a-z])/i;
/** The id of an instance looks drawn, and names a workload all the same. */
const instance = /(?<![\w.])m?i-(?:[0-9a-f]{17}|[0-9a-f]{8})(?!\w)/i;

/** Whether a session bears the id of an instance, as under an instance profile. */
export function isInstance(session: string): boolean {
  return instance.test(session);
}

/** The AWS service that acts: by `invokedBy`, or under its own service-linked role, whose path is AWS's. */
export function serviceOf(identity: Identity): string | undefined {
  const invokedBy = identity?.invokedBy;
  // `AWS Internal` is also set for console sessions, and the console's sign-in is no service that acts
  if (invokedBy?.endsWith('.amazonaws.com') && invokedBy !== 'signin.amazonaws.com') return invokedBy;
  return linkedService(identity);
}

/** The ARN of the role or user whose session it is. */
export function issuerOf(identity: Identity): string | undefined {
  return stringAt(identity, 'sessionContext', 'sessionIssuer', 'arn');
}

/** What people call the principal of an ARN: a user's name, or role and session. */
export function nameOfArn(arn: string | null): string | undefined {
  // assumed-role/ROLE/SESSION: the session is the person under SSO, the instance or the pipeline elsewhere
  const session = arn?.match(/assumed-role\/([^/]+)\/(.+)$/);
  if (session) return `${session[1]}/${session[2]}`;
  return arn?.split('/').at(-1);
}

/** Who stands behind an identity; what it does not say is `unknown`, never a guess. */
export function callerOf(identity: Identity): Caller {
  const own = principalOf(identity);
  const service = serviceOf(identity);
  if (!service) return own;
  const isPerson = own.is === 'person' && own.name !== 'root';
  // with a service role the record shows that role; without one, whoever works on the stack
  if (stacks.includes(service)) return { is: 'stack', name: isPerson ? own.name : '' };
  // a service that acts for a person who asked for it: the person is the one to ask
  const isForRole = own.is === 'workload' && launchers.includes(service) && linkedService(identity) === undefined;
  return isPerson || isForRole ? own : { is: 'service', name: service };
}

/** Whom an ARN names, where AWS shows no more than that: a launch template's `CreatedBy`. */
export function callerOfArn(arn: string): Caller {
  if (arn.endsWith(':root')) return { is: 'person', name: 'root' };
  if (/:assumed-role\//.test(arn)) return sessionOf(arn, undefined);
  const name = /:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  return name ? { is: 'person', name } : unknown;
}

function linkedService(identity: Identity): string | undefined {
  return /:role\/aws-service-role\/([^/]+)\//.exec(issuerOf(identity) ?? '')?.[1];
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
      // a type that is missing, or of the future: the ARN is AWS's all the same
      return /:assumed-role\//.test(arn ?? '') ? sessionOf(arn ?? '', identity) : callerOfArn(arn ?? '');
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
  // a session's name may change from role to role; the source identity stays, once it is set
  const source = stringAt(identity, 'sessionContext', 'sourceIdentity') ?? '';
  const named = [source, session].find((one) => one !== '' && !drawn.test(one.replace(instance, 'i')));
  return named === undefined ? { is: 'workload', name: role } : { is: 'workload', name: `${role}/${named}`, session: named };
}

/** A session that an IAM user began under a name of its choice. */
function federatedOf(arn: string, identity: Identity): Caller {
  const user = stringAt(identity, 'sessionContext', 'sessionIssuer', 'userName') ?? 'federated-user';
  const session = /:federated-user\/(.+)$/.exec(arn)?.[1];
  return session ? { is: 'workload', name: `${user}/${session}`, session } : unknown;
}
