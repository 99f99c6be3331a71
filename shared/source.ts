/** The lines to change where infrastructure as code owns the resource. */
export interface SourceLines {
  readonly cloudFormation: string;
  readonly terraform: string;
  readonly cdk: string;
  readonly kubernetes?: string;
}

/** How to set a kind of resource right where code makes it, in one sentence a tool; backticks stand around what is code. */
export interface Sources {
  readonly cloudFormation?: string;
  readonly terraform?: string;
  readonly cdk?: string;
}

/** What owns a resource, so that a change beside it would be drift. */
export interface Owner {
  readonly name: string;
  fix(lines: SourceLines): string[];
}

/** Services that make resources for themselves and know no line that a person could change, by the tags they leave. */
const managers = [
  { key: /^eks:/, name: 'Amazon EKS' },
  { key: /^karpenter\./, name: 'Karpenter' },
  { key: /^AWSBatchServiceTag$/, name: 'AWS Batch' },
  { key: /^(kubernetes\.io\/|KubernetesCluster$|kops\.k8s\.io\/)/, name: 'A Kubernetes cluster' },
];

type Tag = { Key?: string | undefined; Value?: string | undefined };

/** The tool that owns a resource, by its tags or by what made it; undefined if nothing says so. */
export function ownerOf(tags: readonly Tag[] | undefined, via: string | undefined): Owner | undefined {
  const keys = new Map((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  const has = (pattern: RegExp) => [...keys.keys()].some((key) => pattern.test(key));
  const stack = keys.get('aws:cloudformation:stack-name');
  if (stack !== undefined || via === 'CloudFormation' || via === 'CDK') {
    const name = stack ? `The CloudFormation stack ${stack}` : 'CloudFormation';
    return {
      name,
      fix: ({ cloudFormation, cdk }) => [
        `CloudFormation: set \`${cloudFormation}\` on the resource.`,
        `CDK: set \`${cdk}\` on the construct.`,
      ],
    };
  }
  if (via === 'EBS CSI driver' || has(/^(ebs\.csi\.aws\.com\/|kubernetes\.io\/created-for\/|CSIVolumeName$)/)) {
    return {
      name: 'A Kubernetes CSI driver',
      fix: ({ kubernetes }) =>
        kubernetes
          ? [`Kubernetes: set \`${kubernetes}\` under \`parameters\` of the StorageClass; volumes made after that follow it.`]
          : [],
    };
  }
  const manager = managers.find(({ key }) => has(key));
  if (manager) return { name: manager.name, fix: () => [] };
  if (via === 'Terraform' || has(/terraform/i) || [...keys.values()].some((value) => /^(terraform|opentofu)$/i.test(value))) {
    return { name: 'Terraform', fix: ({ terraform }) => [`Terraform: set \`${terraform}\` on the resource, and apply.`] };
  }
  if (via === 'Pulumi' || has(/pulumi/i))
    return {
      name: 'Pulumi',
      fix: ({ terraform }) => [`Pulumi: set the property that Terraform calls \`${terraform}\`, and run \`pulumi up\`.`],
    };
  return undefined;
}
