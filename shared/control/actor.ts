import type { Notice } from './detail-types.ts';
import { at, type CloudTrailRecord, stringAt } from './record.ts';

/** Who made a call, as far as the record says: `via` is the tool, such as `Terraform`, `console`, or a service's host name. */
export interface Actor {
  readonly arn: string | null;
  readonly name: string;
  readonly via: string;
  readonly sourceIp: string | null;
}

/** The tool of whoever gave Redress an order. */
export const BY_ORDER = 'redress';

/** What acts when nobody called: the sweep and the deployment. */
export const redressItself: Actor = { arn: null, name: 'Redress', via: 'sweep', sourceIp: null };

/** How something was made, as far as a record says; kept with its case. */
export type Made = {
  /** What people read: the service, or the tool by its user agent, which the caller chooses. */
  readonly via: string;
  /** The AWS service that made the call, as only AWS writes it. */
  readonly service?: string;
  /** The ARN of the role or user that made it; a session's own name is its maker's choice, and left out. */
  readonly by?: string;
};

const agents: readonly (readonly [RegExp, string])[] = [
  [/terraform|opentofu/i, 'Terraform'],
  [/pulumi/i, 'Pulumi'],
  [/ebs-csi-driver|csi-driver|kubernetes/i, 'EBS CSI driver'],
  [/aws-cdk|cdk\//i, 'CDK'],
  [/aws-cli/i, 'AWS CLI'],
  [/console\.amazonaws\.com|signin\.amazonaws\.com|console\.ec2|Mozilla\//i, 'console'],
  [/boto3|botocore/i, 'boto3'],
  [/aws-sdk-|aws-sdk\/|APN\//i, 'SDK'],
];

/** What made what a record is about. */
export function madeWith(record: CloudTrailRecord): Made {
  const service = serviceOf(record.userIdentity);
  const by = principalOf(record.userIdentity);
  return { via: viaOf(record), ...(service !== undefined && { service }), ...(by !== undefined && { by }) };
}

/** The tool that a record shows: a service as AWS writes it, or whatever the user agent claims to be. */
export function viaOf(record: CloudTrailRecord): string {
  const service = serviceOf(record.userIdentity);
  if (service !== undefined) return service === 'cloudformation.amazonaws.com' ? 'CloudFormation' : service;
  const text = `${record.userIdentity?.invokedBy ?? ''} ${record.userAgent ?? ''}`;
  const known = agents.find(([pattern]) => pattern.test(text));
  if (known) return known[1];
  return String(at(record, 'sessionCredentialFromConsole')) === 'true' ? 'console' : 'unknown';
}

/** The AWS service that acts: by `invokedBy`, or under its own service-linked role, whose path is AWS's. */
export function serviceOf(identity: CloudTrailRecord['userIdentity']): string | undefined {
  const invokedBy = identity?.invokedBy;
  // `AWS Internal` is also set for console sessions, and the console's sign-in is no service that acts
  if (invokedBy?.endsWith('.amazonaws.com') && invokedBy !== 'signin.amazonaws.com') return invokedBy;
  return /:role\/aws-service-role\/([^/]+)\//.exec(issuerOf(identity) ?? '')?.[1];
}

/** The ARN of the role or user behind an identity. */
function principalOf(identity: CloudTrailRecord['userIdentity']): string | undefined {
  return identity?.type === 'IAMUser' ? identity.arn : issuerOf(identity);
}

/** The ARN of the role or user whose session it is. */
export function issuerOf(identity: CloudTrailRecord['userIdentity']): string | undefined {
  return stringAt(identity, 'sessionContext', 'sessionIssuer', 'arn');
}

/** The caller of a record; what the record does not say is `unknown`, never guessed. */
export function actorOf(record: CloudTrailRecord): Actor {
  const identity = record.userIdentity ?? undefined;
  const arn = identity?.arn ?? null;
  return { arn, name: nameOf(identity, arn), via: viaOf(record), sourceIp: record.sourceIPAddress ?? null };
}

/** Who stands behind a notice: Image Builder where it reports its own work, and else nobody that is known. */
export function actorOfNotice({ detailType }: Notice): Actor {
  const isBuilt = detailType === 'EC2 Image Builder Image State Change';
  return { arn: null, name: isBuilt ? 'imagebuilder.amazonaws.com' : 'unknown', via: 'unknown', sourceIp: null };
}

function nameOf(identity: CloudTrailRecord['userIdentity'], arn: string | null): string {
  if (identity?.type === 'Root') return 'root';
  if (identity?.userName) return identity.userName;
  const issuer = stringAt(identity, 'sessionContext', 'sessionIssuer', 'userName');
  return nameOfArn(arn) ?? issuer ?? identity?.invokedBy ?? 'unknown';
}

/** What people call the principal of an ARN: a user's name, or role and session. */
export function nameOfArn(arn: string | null): string | undefined {
  // assumed-role/ROLE/SESSION: the session is the person under SSO, the instance or the pipeline elsewhere
  const session = arn?.match(/assumed-role\/([^/]+)\/(.+)$/);
  if (session) return `${session[1]}/${session[2]}`;
  return arn?.split('/').at(-1);
}
