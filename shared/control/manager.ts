import * as v from 'valibot';
import type { Made } from './actor.ts';
import { type Advice, adviceOf, type Iac, toolsOf } from './iac.ts';
import type { LooseTag } from './tag.ts';

/*
 * What manages a resource, so that a change beside it would be drift. Whoever makes a resource chooses its tags and the user agent:
 * they claim. What AWS alone writes proves, and so does a principal that the config names.
 */

/** Roles and users by their ARNs; `*` stands for any text within one part of them. */
const pattern = v.pipe(
  v.string(),
  v.regex(
    // one that names every principal proves nothing
    /^arn:aws[a-z-]*:iam::(?:\d{12}|\*):(?:role|user)\/(?=[/*]*[^/*])[\w+=,.@/*-]+$/,
    'is not the ARN of a role or user, such as arn:aws:iam::111122223333:role/deploy-*',
  ),
);

/** A list of such ARNs. */
export const principals = v.array(pattern);

/** The tools whose principals the config can name. */
export const managedBySchema = v.strictObject({
  terraform: v.optional(principals),
  pulumi: v.optional(principals),
  kubernetes: v.optional(principals),
});

/** What becomes of a claim: the resource is skipped, a person is asked, or it is fixed as if nobody managed it. */
export const claimsSchema = v.picklist(['skip', 'ask', 'fix']);

/** The principals with which each tool works, by their ARNs. */
export type ManagedBy = { readonly [tool in keyof v.InferOutput<typeof managedBySchema>]?: readonly string[] | undefined };

/** What the config says of managed resources. */
export interface Managers {
  /** What such a principal made, its tool manages. */
  readonly managedBy?: ManagedBy | undefined;
  /** Absent means `ask`. */
  readonly claims?: v.InferOutput<typeof claimsSchema> | undefined;
}

/** What manages a resource, or claims to. */
export interface Manager {
  readonly name: string;
  /** Whether more says so than text that the maker of the resource chose. */
  readonly isProven: boolean;
  /** The name under which the config can list its principals. */
  readonly tool?: keyof ManagedBy;
  /** What to do with its own tools. */
  fix(sources: Iac): Advice[];
}

type Known = Omit<Manager, 'isProven'>;

const cloudFormation = (stack?: string): Known => ({
  name: stack ? `The CloudFormation stack ${stack}` : 'CloudFormation',
  fix: (sources) => adviceOf(sources, ...toolsOf('CloudFormation')),
});
const csiDriver: Known = { name: 'A Kubernetes CSI driver', tool: 'kubernetes', fix: (sources) => adviceOf(sources, 'kubernetes') };
const cluster: Known = { name: 'A Kubernetes cluster', tool: 'kubernetes', fix: () => [] };
const terraform: Known = { name: 'Terraform', tool: 'terraform', fix: (sources) => adviceOf(sources, 'terraform') };
const pulumi: Known = {
  name: 'Pulumi',
  tool: 'pulumi',
  fix: ({ terraform: says }) => (says ? [{ tool: 'Pulumi', says: `as with Terraform, under Pulumi's own names: ${says}` }] : []),
};
/** A service that makes resources for itself knows no line that a person could change. */
const service = (name: string, tool?: keyof ManagedBy): Known => ({ name, ...(tool && { tool }), fix: () => [] });

/** The tool or service that manages a resource, by its tags and by what made it; undefined if nothing says so. */
export function managerOf(tags: readonly LooseTag[] | undefined, made: Made | undefined, { managedBy }: Managers): Manager | undefined {
  const keys = new Map((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  const proven = provenBy(keys, made, managedBy);
  if (proven) return { ...proven, isProven: true };
  const claimed = claimedBy(keys, made?.via);
  return claimed && { ...claimed, isProven: false };
}

/** Whether one of these patterns is about the ARN of a role or user. */
export function isListed(patterns: readonly string[] | undefined, arn: string | undefined): boolean {
  if (arn === undefined) return false;
  const parts = arn.split(/[:/]/);
  return (patterns ?? []).some((one) => {
    const wanted = one.split(/[:/]/);
    return wanted.length === parts.length && wanted.every((part, n) => isLike(parts[n] ?? '', part));
  });
}

/** A name as it stands within a sentence. */
export function inSentence({ name }: Pick<Manager, 'name'>): string {
  return name.replace(/^(?:A|The) /, (article) => article.toLowerCase());
}

function isLike(text: string, wanted: string): boolean {
  return new RegExp(`^${wanted.replace(/[+.]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
}

/** Only AWS writes tags that begin with `aws:`, and the service that a record names. */
function provenBy(keys: ReadonlyMap<string, string>, made: Made | undefined, managedBy: ManagedBy = {}): Known | undefined {
  const stack = keys.get('aws:cloudformation:stack-name');
  if (stack !== undefined || made?.service === 'cloudformation.amazonaws.com') return cloudFormation(stack);
  if (keys.has('aws:eks:cluster-name') || /^eks[\w-]*\./.test(made?.service ?? '')) return service('Amazon EKS');
  if (/^batch\./.test(made?.service ?? '')) return service('AWS Batch');
  if (isListed(managedBy.terraform, made?.by)) return terraform;
  if (isListed(managedBy.pulumi, made?.by)) return pulumi;
  if (!isListed(managedBy.kubernetes, made?.by)) return undefined;
  // which of its parts it was, text tells well enough
  const part = claimedBy(keys, made?.via);
  return part?.tool === 'kubernetes' ? part : cluster;
}

function claimedBy(keys: ReadonlyMap<string, string>, via: string | undefined): Known | undefined {
  const has = (key: RegExp) => [...keys.keys()].some((one) => key.test(one));
  if (via === 'CloudFormation' || via === 'CDK') return cloudFormation();
  if (via === 'EBS CSI driver' || has(/^(ebs\.csi\.aws\.com\/|kubernetes\.io\/created-for\/|CSIVolumeName$)/)) return csiDriver;
  if (has(/^eks:/)) return service('Amazon EKS', 'kubernetes');
  if (has(/^karpenter\./)) return service('Karpenter', 'kubernetes');
  if (has(/^AWSBatchServiceTag$/)) return service('AWS Batch');
  if (has(/^(kubernetes\.io\/|KubernetesCluster$|kops\.k8s\.io\/)/)) return cluster;
  if (via === 'Terraform' || has(/terraform/i) || [...keys.values()].some((value) => /^(terraform|opentofu)$/i.test(value)))
    return terraform;
  return via === 'Pulumi' || has(/pulumi/i) ? pulumi : undefined;
}
