import { type Advice, adviceOf, type CODE, type Iac, type ToolName } from './iac.ts';

/** What makes resources by a declaration or a job of its own, and how a person fixes that there. */
export interface Tool {
  /** As a sentence begins with it. */
  readonly name: string;
  /** Under which name the config lists the principals that it works with. */
  readonly tool?: 'terraform' | 'pulumi' | 'kubernetes';
  /** Whether it only makes: nothing of it would change a resource back, so a person may. */
  readonly letsGo?: true;
  /** Whether it removes tags that it did not set. */
  readonly dropsTags?: true;
  /** What to do with its own means; empty where it has none for this. */
  fix(sources: Iac): Advice[];
}

/** How a tool encrypts what it makes, as a sentence, and where the tags of that stand. */
interface Ways {
  readonly encryption: string;
  readonly tags?: string;
}

const code = (name: string, tool: 'terraform' | undefined, ...sources: readonly (keyof typeof CODE)[]): Tool => ({
  name,
  ...(tool && { tool, dropsTags: true }),
  fix: (iac) => adviceOf(iac, ...sources),
});

/** A tool whose resources mirror those of Terraform under other names. */
const asTerraform = (name: ToolName, tool: NonNullable<Tool['tool']>, how: string): Tool => ({
  name,
  tool,
  dropsTags: true,
  // the provider's own settings, which keep an owner's tags, differ
  fix: ({ about, terraform: says }) => (says && about !== 'owner' ? [{ tool: name, says: `as with Terraform, ${how}: ${says}` }] : []),
});

function ways(tool: ToolName, { encryption, tags }: Ways): Tool['fix'] {
  return ({ about }) => {
    if (about === 'encryption') return [{ tool, says: encryption }];
    if (!tags || (about !== 'tags' && about !== 'text')) return [];
    return [{ tool, says: about === 'tags' ? `set it in ${tags}.` : `remove it from ${tags}.` }];
  };
}

const own = (name: ToolName, its: Ways, more: Partial<Tool> = {}): Tool => ({ name, fix: ways(name, its), ...more });
const kubernetes = { tool: 'kubernetes' } as const;

// https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html: a group without a template of its own never takes one
const nodeGroup: Ways = {
  encryption:
    'give the node group a launch template of its own with `Encrypted: true` under each `Ebs` of its block device mappings. Do not change the copy that EKS makes of it. A node group that was made without one has to be made again.',
  tags: "`TagSpecifications` of the node group's own launch template",
};

/** The names under which the lines of a tool stand. */
export function labelsOf({ fix }: Tool): ToolName[] {
  const says = 'x.';
  return fix({ about: 'encryption', cloudFormation: says, cdk: says, terraform: says, kubernetes: says }).flatMap(({ tool }) => tool ?? []);
}

/** Every tool and service that is known by name. */
export const tools = {
  cloudFormation: code('CloudFormation', undefined, 'cloudFormation', 'cdk'),
  terraform: code('Terraform', 'terraform', 'terraform'),
  pulumi: asTerraform('Pulumi', 'pulumi', "under Pulumi's own names"),
  // its provider is generated from that of Terraform: https://github.com/crossplane/upjet
  crossplane: asTerraform('Crossplane', 'kubernetes', 'in camel case under `spec.forProvider` of the managed resource'),
  ack: {
    ...own('ACK', {
      encryption: 'set `encrypted: true` under each `ebs` of `blockDeviceMappings` in the spec of the LaunchTemplate or Instance.',
      tags: '`tags` in the spec of its custom resource',
    }),
    ...kubernetes,
    dropsTags: true,
    name: 'AWS Controllers for Kubernetes (ACK)',
  },
  // its machine templates are immutable: https://github.com/kubernetes-sigs/cluster-api-provider-aws
  clusterApi: own(
    'Cluster API',
    {
      encryption:
        'set `encrypted: true` under `rootVolume` and each of `nonRootVolumes`, in the `awsLaunchTemplate` of the AWSMachinePool. An AWSMachineTemplate cannot be changed: make another one, and name it in the MachineDeployment.',
      tags: '`additionalTags` of its AWSMachinePool or AWSMachineTemplate',
    },
    kubernetes,
  ),
  // https://github.com/kubernetes/kops/blob/master/pkg/apis/kops/instancegroup.go
  kops: own(
    'kOps',
    {
      encryption:
        'set `rootVolume: { encryption: true }`, and `encrypted: true` under each of `volumes`, in the spec of the InstanceGroup. Then run `kops update cluster` and `kops rolling-update cluster`.',
      tags: '`cloudLabels` in the spec of the InstanceGroup',
    },
    kubernetes,
  ),
  csiDriver: { name: 'A Kubernetes CSI driver', ...kubernetes, fix: (sources) => adviceOf(sources, 'kubernetes') },
  karpenter: own(
    'Karpenter',
    {
      encryption:
        'set `encrypted: true` under each `ebs` of `spec.blockDeviceMappings` of the EC2NodeClass. Karpenter then makes other launch templates, and replaces the nodes.',
      tags: '`spec.tags` of the EC2NodeClass',
    },
    kubernetes,
  ),
  eksctl: own('eksctl', {
    encryption:
      'set `volumeEncrypted: true` on the node group in the ClusterConfig. eksctl changes no node group that is there: make another one from it, and delete this one.',
    tags: '`tags` of the node group in the ClusterConfig',
  }),
  nodeGroup: { name: 'An EKS managed node group', fix: ways('Amazon EKS', nodeGroup) },
  // https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html
  autoMode: {
    name: 'Amazon EKS Auto Mode',
    fix: ways('Amazon EKS', {
      encryption:
        'for nodes, name a key as `kmsKeyID` under `spec.ephemeralStorage` of the NodeClass. For other volumes, make another StorageClass with `encrypted: "true"` under `parameters`.',
      tags: '`spec.tags` of the NodeClass',
    }),
  },
  eks: { name: 'Amazon EKS', fix: ways('Amazon EKS', nodeGroup) },
  cluster: {
    name: 'A Kubernetes cluster',
    ...kubernetes,
    fix: ways('Kubernetes', {
      encryption:
        "set encryption in the node group's own launch template, with whatever makes the node group: Terraform, CloudFormation or eksctl. For nodes of Karpenter, set it in `spec.blockDeviceMappings` of the EC2NodeClass.",
    }),
  },
  // https://github.com/aws/elastic-beanstalk-roadmap/issues/202: no option encrypts the root volume
  beanstalk: own('Elastic Beanstalk', {
    encryption:
      "turn encryption by default on in the Region, or give the environment a custom AMI whose snapshots are encrypted. Then have it replace its instances. Do not change the environment's stack.",
    tags: 'the tags of the environment',
  }),
  serviceCatalog: own('Service Catalog', {
    encryption:
      'set it in the template of a new version of the product, and update the provisioned product to that version. Do not change the stack of the provisioned product.',
    tags: 'the tags of the provisioned product, or in the TagOptions of the product',
  }),
  stackSets: own('CloudFormation StackSets', {
    encryption: 'set it in the template of the stack set, in the account that administers that. Do not change the stack in this account.',
    tags: 'the tags of the stack set, in the account that administers that',
  }),
  // https://docs.aws.amazon.com/parallelcluster/latest/ug/HeadNode-v3.html and SharedStorage-v3.html: each setting has an update policy
  parallelCluster: own('AWS ParallelCluster', {
    encryption:
      'set `Encrypted: true` for the volumes in the configuration of the cluster, and update the cluster. If the update is refused, as it is for the volumes of the head node and for shared ones, make another cluster from it. Do not change its stack.',
    tags: '`Tags` in the configuration of the cluster',
  }),
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ebs-volumes.html
  ecs: own('Amazon ECS', {
    encryption: 'set `encrypted: true` under `managedEBSVolume` in the volume configuration of the service or task.',
    tags: '`tagSpecifications` of the volume configuration of the service or task',
  }),
  batch: own('AWS Batch', {
    encryption:
      'give the compute environment a launch template of its own with `Encrypted: true` under each `Ebs` of its block device mappings.',
    tags: '`tags` of the compute resources of the compute environment',
  }),
  // https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-create-security-configuration.html
  emr: own('Amazon EMR', {
    encryption: 'start the cluster with a security configuration that encrypts local disks and EBS (`EnableEbsEncryption: true`).',
    tags: 'the tags of the cluster',
  }),
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-ebs.html
  backup: own(
    'AWS Backup',
    {
      encryption:
        'restore with `encrypted` set to `true` in the metadata of the restore job, and with `kmsKeyId` for a key of your own. A restore test plan takes the same as overrides.',
      tags: 'the tags of what was backed up',
    },
    { letsGo: true },
  ),
  // https://docs.aws.amazon.com/dlm/latest/APIReference/API_CrossRegionCopyRule.html
  dlm: own(
    'Amazon Data Lifecycle Manager',
    {
      encryption:
        'its snapshots are encrypted like their volumes: encrypt those. For copies in another Region, set `Encrypted: true` in `CrossRegionCopyRules` of the policy.',
      tags: '`TagsToAdd` of the policy',
    },
    { letsGo: true },
  ),
  // a recipe is immutable, so a change is another version
  imageBuilder: own('EC2 Image Builder', {
    encryption:
      'set `encrypted: true` under each `ebs` of the `blockDeviceMappings` in a new version of the image recipe, and name that version in the pipeline.',
    tags: '`resourceTags` of the infrastructure configuration, or in `amiTags` of the distribution settings',
  }),
} as const satisfies { readonly [name: string]: Tool };
