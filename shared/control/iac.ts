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
    /** What has to be known besides the call; goes on after it. */
    readonly besides?: string;
    /** Where text stands that is no tag. */
    readonly texts?: string;
  };
}

/** The tools whose users get advice of their own, as people call them. */
export const toolNames = ['CloudFormation', 'CDK', 'Terraform', 'Pulumi', 'Kubernetes'] as const;

/** What a person can do, in a sentence; where it is a line of one tool's code, the sentence goes on after `Terraform: `. */
export interface Advice {
  readonly tool?: (typeof toolNames)[number] | undefined;
  readonly says: string;
}

type Tool = keyof Iac;

const names = [
  ['cloudFormation', 'CloudFormation'],
  ['cdk', 'CDK'],
  ['terraform', 'Terraform'],
  ['kubernetes', 'Kubernetes'],
] as const;

/** The tools that a person may have to turn to after a call with one of them, or with anything else; the CDK works through CloudFormation. */
export function toolsOf(via?: string): readonly Tool[] {
  if (via === 'CloudFormation' || via === 'CDK') return ['cloudFormation', 'cdk'];
  return via === 'Terraform' ? ['terraform'] : ['cloudFormation', 'cdk', 'terraform'];
}

/** How some tools fix it, each as advice with the tool's name. */
export function adviceOf(sources: Iac, ...tools: readonly Tool[]): Advice[] {
  return names.flatMap(([key, tool]) => {
    const says = tools.includes(key) ? sources[key] : undefined;
    return says === undefined ? [] : [{ tool, says }];
  });
}

/** Advice as one text; a tool's name comes first. */
export function adviceText({ tool, says }: Advice): string {
  return tool === undefined ? says : `${tool}: ${says}`;
}
