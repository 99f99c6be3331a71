/**
 * How code that makes a kind of resource fixes it, by tool: a sentence or two that go on after `Terraform: `.
 * Backticks stand around what is code, and capitals for what a person fills in.
 */
export interface Iac {
  readonly cloudFormation?: string;
  readonly terraform?: string;
  readonly cdk?: string;
  /** For volumes that a Kubernetes CSI driver makes. */
  readonly kubernetes?: string;
  /** For tools that have a way of their own: `encryption`, `tags` or `owner` to set, or `text` to remove from tags, or `sources` to narrow in rules; absent where none of them has one. */
  readonly about?: string;
}

/** How a tool writes the text of one kind of resource. */
export interface Written {
  /** What gives it a tag, and where that stands; goes on after `set `. */
  tag(key: string, value: string): string;
  /** Where its text stands: its tags, and what else the sensitive control reads; goes on after `take it out of `. */
  readonly texts: string;
}

/** How code writes the tags of a kind, and its other text; the CDK's call is the same for all kinds. */
export interface TagCode {
  readonly cloudFormation: Written;
  readonly terraform: Written;
  readonly cdk?: {
    /** What gives it a tag where `Tags.of` does not reach it; goes on after `set `. */
    tag?(key: string, value: string): string;
    /** What has to be known besides the call; goes on after it. */
    readonly besides?: string;
    /** Where text stands that is no tag. */
    readonly texts?: string;
  };
}

/** The tools whose users get advice of their own, as people call them. */
export const toolNames = [
  'CloudFormation',
  'CDK',
  'Terraform',
  'Pulumi',
  'Kubernetes',
  'Crossplane',
  'ACK',
  'Cluster API',
  'kOps',
  'Karpenter',
  'eksctl',
  'Amazon EKS',
  'Elastic Beanstalk',
  'Service Catalog',
  'CloudFormation StackSets',
  'AWS ParallelCluster',
  'AWS Batch',
  'Amazon ECS',
  'Amazon EMR',
  'AWS Backup',
  'Amazon Data Lifecycle Manager',
  'EC2 Image Builder',
  'AWS Load Balancer Controller',
  'AWS Directory Service',
  'AWS Firewall Manager',
] as const;

/** One of these names. */
export type ToolName = (typeof toolNames)[number];

/** What a person can do, in a sentence; where it is a line of one tool's code, the sentence goes on after `Terraform: `. */
export interface Advice {
  readonly tool?: ToolName | undefined;
  readonly says: string;
}

/** The tools for which controls say the line themselves; the CDK works through CloudFormation. */
export const CODE = { cloudFormation: 'CloudFormation', cdk: 'CDK', terraform: 'Terraform', kubernetes: 'Kubernetes' } as const;

/** How some tools fix it, each as advice with the tool's name; by default all that write every kind of resource. */
export function adviceOf(sources: Iac, ...tools: readonly (keyof typeof CODE)[]): Advice[] {
  const wanted = tools.length > 0 ? tools : (['cloudFormation', 'cdk', 'terraform'] as const);
  return wanted.flatMap((key) => {
    const says = sources[key];
    return says === undefined ? [] : [{ tool: CODE[key], says }];
  });
}

/** Advice as one text; a tool's name comes first. */
export function adviceText({ tool, says }: Advice): string {
  return tool === undefined ? says : `${tool}: ${says}`;
}
