import type { LooseTag } from './tag.ts';
import { type Tool, tools } from './tools.ts';

/*
 * What tags and user agents claim. Whoever makes a resource chooses them, so they name a tool and grant nothing.
 */

/** Tags that a tool or service sets by itself, the one that a person works with first: what eksctl or Karpenter makes has EKS's tags too. */
const marks: readonly (readonly [Tool, RegExp])[] = [
  [tools.crossplane, /^crossplane-(?:kind|name|providerconfig)$/],
  // https://aws-controllers-k8s.github.io/community/docs/user-docs/ack-tags/
  [tools.ack, /^services\.k8s\.aws\//],
  // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
  [tools.loadBalancers, /^(?:elbv2|ingress|service)\.k8s\.aws\//],
  [tools.clusterApi, /^sigs\.k8s\.io\/cluster-api-provider-aws\//],
  [tools.kops, /^kops\.k8s\.io\//],
  [tools.csiDriver, /^(?:ebs\.csi\.(?:aws|eks\.amazonaws)\.com\/|kubernetes\.io\/created-for\/|CSIVolumeName$)/],
  // people set `karpenter.sh/discovery` on all that Karpenter may use
  [tools.karpenter, /^karpenter\.(?:sh\/(?!discovery)|k8s\.aws\/)/],
  [tools.eksctl, /^(?:alpha\.)?eksctl\.(?:io|cluster\.k8s\.io)\//],
  [tools.autoMode, /^eks:(?:eks-cluster-name|kubernetes-node-)/],
  [tools.nodeGroup, /^eks:/],
  [tools.beanstalk, /^elasticbeanstalk:/],
  [tools.parallelCluster, /^parallelcluster:/],
  [tools.batch, /^AWSBatchServiceTag$/],
  [tools.imageBuilder, /^Ec2ImageBuilderArn$/],
  [tools.dlm, /^dlm:/],
];

/** What the user agents of tools are known by, as `viaOf` says it. */
const agents: { readonly [via: string]: Tool } = {
  CloudFormation: tools.cloudFormation,
  CDK: tools.cloudFormation,
  Terraform: tools.terraform,
  Pulumi: tools.pulumi,
  Crossplane: tools.crossplane,
  ACK: tools.ack,
  'Cluster API': tools.clusterApi,
  kOps: tools.kops,
  Karpenter: tools.karpenter,
  eksctl: tools.eksctl,
  'EBS CSI driver': tools.csiDriver,
  'AWS Load Balancer Controller': tools.loadBalancers,
};

/** The names of tools, as a tag's value gives one. */
const names: readonly (readonly [Tool, string])[] = [
  [tools.terraform, 'terraform|open ?tofu'],
  [tools.pulumi, 'pulumi'],
  [tools.crossplane, 'crossplane'],
  [tools.cloudFormation, 'cloud ?formation|cdk|cloud development kit'],
  [tools.ack, 'ack|controllers for kubernetes'],
  [tools.clusterApi, 'cluster ?api|capa'],
  [tools.kops, 'kops'],
  [tools.karpenter, 'karpenter'],
  [tools.eksctl, 'eksctl'],
  [tools.beanstalk, '(?:elastic ?)?beanstalk'],
  [tools.serviceCatalog, 'service ?catalog'],
  [tools.parallelCluster, 'parallel ?cluster|pcluster'],
  [tools.backup, 'backup'],
  [tools.dlm, 'dlm|data lifecycle manager'],
  [tools.imageBuilder, '(?:ec2 ?)?image ?builder'],
];
const values = names.map(
  ([tool, name]) =>
    [
      tool,
      new RegExp(
        `^(?:(?:managed|created|provisioned|deployed|built|made|maintained) (?:by|with|via|using) )?(?:hashicorp |aws |amazon )?(?:${name})(?: cloud| enterprise)?(?:[ @/]?v?\\d[\\w.]*)?$`,
        'i',
      ),
    ] as const,
);

/** Keys whose value says what manages a resource, such as `ManagedBy`, `provisioner` or `iac-tool`. */
const asking = /manage|provision|deploy|create|maintain|orchestrat|(?:^|[^a-z])(?:iac|infra|tool|tooling|source|via|by|with)(?:[^a-z]|$)/i;
/** Keys that are a flag or a detail of one tool, such as `Terraform` or `terraform-workspace`. */
const flags: readonly (readonly [Tool, RegExp])[] = [
  [tools.terraform, /terraform|opentofu/i],
  [tools.pulumi, /pulumi/i],
  [tools.crossplane, /crossplane/i],
  [tools.cloudFormation, /cloudformation/i],
];

/** Keys that say the contrary, such as `NotManagedBy` or `migrated-from`. */
const contrary =
  /(?:^|[^a-z])(?:not?|non|never|without|un-?managed|ex|old|former(?:ly)?|previous(?:ly)?|migrated)(?:[^a-z]|manage|by|from|terraform|opentofu|pulumi|crossplane|cloudformation|$)/i;
/** Values that deny what their key names. */
const denial = /^(?:f|false|n|no|none|never|not? .*|0|off|disabled?|inactive|n\/?a|nil|null|undefined|un ?managed|manual(?:ly)?|by hand)$/i;

/** The tool that tags, or the user agent behind `via`, claim; undefined if they claim none. */
export function claimedBy(tags: readonly LooseTag[] | undefined, via: string | undefined): Tool | undefined {
  const all = (tags ?? []).map(({ Key = '', Value = '' }) => ({ key: Key, value: Value.trim().replace(/[\s_-]+/g, ' ') }));
  const byKey = (table: typeof marks, some = all) => table.find(([, pattern]) => some.some(({ key }) => pattern.test(key)))?.[0];
  const byValue = (table: typeof marks, some: typeof all) => table.find(([, name]) => some.some(({ value }) => name.test(value)))?.[0];
  const said = all.filter(({ key, value }) => !contrary.test(key) && !denial.test(value));
  const isUsed = all.some(
    ({ key, value }) => /^(?:kubernetes\.io\/|KubernetesCluster$)/.test(key) && value !== 'shared' && !denial.test(value),
  );
  return (
    byKey(marks) ??
    byValue(
      values,
      said.filter(({ key }) => asking.test(key)),
    ) ??
    agents[via ?? ''] ??
    byValue(values.slice(0, 1), said) ??
    byKey(flags, said) ??
    // the tags by which a cluster knows what it uses, whatever made that
    (isUsed ? tools.cluster : undefined)
  );
}
