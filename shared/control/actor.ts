import { callerOf, issuerOf, nameOfArn, serviceOf } from './caller.ts';
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

/** What user agents begin with or hold; what is built on another tool shows that too, and comes before it. */
const agents: readonly (readonly [RegExp, string])[] = [
  [/pulumi/i, 'Pulumi'],
  [/crossplane|upjet/i, 'Crossplane'],
  [/terraform|opentofu/i, 'Terraform'],
  [/karpenter/i, 'Karpenter'],
  [/aws\.cluster\.x-k8s\.io|cluster-api-provider-aws/i, 'Cluster API'],
  [/aws-controllers-k8s/i, 'ACK'],
  [/\beksctl\b/i, 'eksctl'],
  [/\bkops\b/i, 'kOps'],
  [/elbv2\.k8s\.aws/, 'AWS Load Balancer Controller'],
  [/ebs-csi-driver|csi-driver|kubernetes/i, 'EBS CSI driver'],
  [/aws-cdk|cdk\//i, 'CDK'],
  [/aws-cli/i, 'AWS CLI'],
  // a console's own front end calls as `EC2ConsoleFrontend, aws-internal/3 aws-sdk-java/…`, `[S3Console/0.4]` or `RDS Console, …`
  [/^\W*(?:[\w. -]*[Cc]onsole|AWS Signin)|\b[A-Z]\w*Console|signin\.amazonaws\.com|console\.amazonaws\.com|Mozilla\//, 'console'],
  [/boto3|botocore/i, 'boto3'],
];
const sdk = /aws-sdk-|aws-sdk\/|APN\//i;

/** What made what a record is about. */
export function madeWith(record: CloudTrailRecord): Made {
  const service = serviceOf(record.userIdentity);
  const by = principalOf(record.userIdentity);
  return { via: viaOf(record), ...(service !== undefined && { service }), ...(by !== undefined && { by }) };
}

/** What was found of user agents: few make nearly all calls. */
const named = new Map<string, string | undefined>();
const NAMED_KEPT = 500;

/** The tool that a record shows: a service as AWS writes it, or whatever the user agent claims to be. */
export function viaOf(record: CloudTrailRecord): string {
  const service = serviceOf(record.userIdentity);
  if (service !== undefined) return service === 'cloudformation.amazonaws.com' ? 'CloudFormation' : service;
  const text = `${record.userAgent ?? ''} ${record.userIdentity?.invokedBy ?? ''}`;
  const known = agentIn(text);
  if (known !== undefined) return known;
  // AWS says so of calls from a console's session, whose front ends use an SDK
  if (String(at(record, 'sessionCredentialFromConsole')) === 'true') return 'console';
  return sdk.test(text) ? 'SDK' : 'unknown';
}

function agentIn(text: string): string | undefined {
  if (!named.has(text)) {
    if (named.size >= NAMED_KEPT) named.clear();
    named.set(text, agents.find(([pattern]) => pattern.test(text))?.[1]);
  }
  return named.get(text);
}

/** The ARN of the role or user behind an identity. */
function principalOf(identity: CloudTrailRecord['userIdentity']): string | undefined {
  return identity?.type === 'IAMUser' ? identity.arn : issuerOf(identity);
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

/** The same name as the maker's, so that an alert and a tag agree; where nobody is to be asked, whatever the record shows. */
function nameOf(identity: CloudTrailRecord['userIdentity'], arn: string | null): string {
  const { is, name } = callerOf(identity);
  if (is !== 'unknown' && name !== '') return name;
  if (identity?.userName) return identity.userName;
  const issuer = stringAt(identity, 'sessionContext', 'sessionIssuer', 'userName');
  return nameOfArn(arn) ?? issuer ?? identity?.invokedBy ?? 'unknown';
}
