import * as v from 'valibot';
import type { Made } from './actor.ts';
import { claimedBy } from './claims.ts';
import type { Advice } from './iac.ts';
import type { LooseTag } from './tag.ts';
import { type Tool, tools } from './tools.ts';

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
export interface Manager extends Tool {
  /** Whether more says so than text that the maker of the resource chose. */
  readonly isProven: boolean;
}

/** What proves a tool: the service that AWS names, a tag that only AWS writes, or what the name of the stack begins with. */
interface Proof {
  readonly tool: Tool;
  readonly service?: RegExp;
  readonly tag?: RegExp;
  /** Whoever makes a stack chooses its name; that it is a stack is proven, and whose is said no more than that. */
  readonly stack?: RegExp;
}

const STACK = 'aws:cloudformation:stack-name';
/** What works through stacks of its own, whose names a person may choose. */
const ofStacks: readonly Tool[] = [tools.beanstalk, tools.eksctl, tools.parallelCluster];
/** What has its part in clusters of EKS besides what runs in them. */
const ofEks: readonly Tool[] = [tools.nodeGroup, tools.autoMode, tools.eksctl];
const proofs: readonly Proof[] = [
  {
    tool: tools.serviceCatalog,
    service: /^servicecatalog\./,
    tag: /^aws:servicecatalog:(?:product|provisi|portfolio)/,
    stack: /^SC-\d{12}-/,
  },
  { tool: tools.beanstalk, service: /^elasticbeanstalk\./, stack: /^awseb-/ },
  { tool: tools.eksctl, stack: /^eksctl-/ },
  { tool: tools.stackSets, service: /^(?:member\.org\.)?stacksets\./, stack: /^StackSet-/ },
  { tool: tools.cloudFormation, service: /^cloudformation\./, stack: /^/ },
  { tool: tools.nodeGroup, service: /^eks-nodegroup\./ },
  // AWS tags every instance that is part of a cluster so, whatever launched it
  { tool: tools.eks, service: /^eks[\w-]*\./, tag: /^aws:eks:/ },
  { tool: tools.batch, service: /^batch\./, tag: /^aws:batch:/ },
  { tool: tools.ecs, service: /^ecs\./, tag: /^aws:ecs:/ },
  { tool: tools.emr, service: /^elasticmapreduce\./, tag: /^aws:elasticmapreduce:/ },
  { tool: tools.imageBuilder, service: /^imagebuilder\./ },
  { tool: tools.directoryService, service: /^ds\./ },
  { tool: tools.firewallManager, service: /^fms\./ },
  { tool: tools.backup, service: /^backup\./, tag: /^aws:backup:/ },
  { tool: tools.dlm, service: /^dlm\./, tag: /^aws:dlm:/ },
];

/** The tool or service that manages a resource, by its tags and by what made it; undefined if nothing says so. */
export function managerOf(tags: readonly LooseTag[] | undefined, made: Made | undefined, managers: Managers): Manager | undefined {
  const tool = toolBehind(tags, made, managers);
  return tool?.letsGo ? undefined : tool;
}

/** The same, or what made the resource and leaves it to people since: it knows a way to make the next one right. */
export function toolBehind(tags: readonly LooseTag[] | undefined, made: Made | undefined, { managedBy }: Managers): Manager | undefined {
  const claimed = claimedBy(tags, made?.via);
  const proven = provenBy(tags ?? [], made, claimed, managedBy);
  if (proven) return { ...proven, isProven: true };
  return claimed && { ...claimed, isProven: false };
}

/** What a service of AWS is called by whoever works with it: by name where it has ways of its own, else as records name it. */
export function serviceName(host: string): string {
  return proofs.find(({ service }) => service?.test(host))?.tool.name ?? `The service ${host}`;
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
  return name.replace(/^(?:An?|The) /, (article) => article.toLowerCase());
}

/** How a person turns what a tool claims into proof, where the config can. */
export function proving({ tool, isProven }: Manager): Advice[] {
  if (isProven || tool === undefined) return [];
  const says = `If it is so, name the role that it works with in \`managedBy.${tool}\` of the config, and Redress leaves what that role makes unchanged.`;
  return [{ says }];
}

function isLike(text: string, wanted: string): boolean {
  return new RegExp(`^${wanted.replace(/[+.]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
}

/** Only AWS writes tags that begin with `aws:`, and the service that a record names; which part of a tool it was, claims tell well enough. */
function provenBy(
  tags: readonly LooseTag[],
  made: Made | undefined,
  claimed: Tool | undefined,
  managedBy: ManagedBy = {},
): Tool | undefined {
  const stack = tags.find(({ Key }) => Key === STACK)?.Value;
  const proof = proofs.find(
    ({ service, tag, stack: name }) =>
      tags.some(({ Key }) => tag?.test(Key ?? '')) || (stack !== undefined ? name?.test(stack) : service?.test(made?.service ?? '')),
  );
  if (proof?.tool === tools.cloudFormation) {
    if (claimed && ofStacks.includes(claimed)) return inStack(claimed, stack);
    return { ...tools.cloudFormation, ...(stack && { name: `The CloudFormation stack ${stack}` }) };
  }
  const listed = listedTool(made?.by, claimed, managedBy);
  if (proof?.tool !== tools.eks) return proof ? inStack(proof.tool, stack) : listed;
  // that it is part of a cluster does not say whose code launched it
  const isOfCluster = claimed === undefined || claimed.tool === 'kubernetes' || ofEks.includes(claimed);
  if (listed || !isOfCluster) return listed;
  return claimed === undefined || claimed === tools.cluster ? tools.eks : claimed;
}

/** The tool under which the config lists the principal that made it. */
function listedTool(by: string | undefined, claimed: Tool | undefined, managedBy: ManagedBy): Tool | undefined {
  if (isListed(managedBy.terraform, by)) return tools.terraform;
  if (isListed(managedBy.pulumi, by)) return tools.pulumi;
  if (!isListed(managedBy.kubernetes, by)) return undefined;
  return claimed?.tool === 'kubernetes' ? claimed : tools.cluster;
}

function inStack(tool: Tool, stack: string | undefined): Tool {
  return stack === undefined ? tool : { ...tool, name: `${tool.name} (stack ${stack})` };
}
