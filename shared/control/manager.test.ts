import { describe, expect, test } from 'vitest';
import { inSentence, managerOf } from './manager.ts';

const STACK = 'aws:cloudformation:stack-name';
const byCloudFormation = { via: 'CloudFormation', service: 'cloudformation.amazonaws.com' };
const tag = (Key: string, Value = 'x') => [{ Key, Value }];
const role = (name: string, account = '111122223333') => `arn:aws:iam::${account}:role/${name}`;
const managedBy = { terraform: [role('deploy-*')], pulumi: [role('pulumi')], kubernetes: [role('ebs-csi')] };
const by = (name: string, via = 'unknown') => ({ via, by: role(name) });

describe('what manages a resource', () => {
  test.each([
    ['a stack, by the tag that AWS sets', tag('aws:cloudformation:stack-name', 'web'), undefined, 'The CloudFormation stack web'],
    ['a stack, by the service that AWS names', [], { via: 'CloudFormation', service: 'cloudformation.amazonaws.com' }, 'CloudFormation'],
    ['EKS, by the tag that AWS sets', tag('aws:eks:cluster-name'), undefined, 'Amazon EKS'],
    ['a part of a cluster of EKS, whatever it is', tag('aws:eks:cluster-name'), { via: 'SDK' }, 'Amazon EKS'],
    ['that of a self-managed node', [...tag('aws:eks:cluster-name'), ...tag('kubernetes.io/cluster/a', 'owned')], undefined, 'Amazon EKS'],
    ['Karpenter in a cluster of EKS', [...tag('aws:eks:cluster-name'), ...tag('karpenter.sh/nodepool')], undefined, 'Karpenter'],
    ['a node group of EKS', [...tag('aws:eks:cluster-name'), ...tag('eks:nodegroup-name')], undefined, 'An EKS managed node group'],
    ['Terraform by its role, in a cluster of EKS', tag('aws:eks:cluster-name'), by('deploy-shop'), 'Terraform'],
    ['EKS, by the service', [], { via: 'x', service: 'eks.amazonaws.com' }, 'Amazon EKS'],
    ['a node group, by the service', [], { via: 'x', service: 'eks-nodegroup.amazonaws.com' }, 'An EKS managed node group'],
    ['Beanstalk, by the service', [], { via: 'x', service: 'elasticbeanstalk.amazonaws.com' }, 'Elastic Beanstalk'],
    ['Beanstalk, by its stack', tag(STACK, 'awseb-e-abc-stack'), undefined, 'Elastic Beanstalk (stack awseb-e-abc-stack)'],
    [
      'Beanstalk, by a stack and its own tag',
      [...tag(STACK, 'x'), ...tag('elasticbeanstalk:environment-id')],
      undefined,
      'Elastic Beanstalk (stack x)',
    ],
    ['Beanstalk, by CloudFormation and its own tag', tag('elasticbeanstalk:environment-id'), byCloudFormation, 'Elastic Beanstalk'],
    ['eksctl, by its stack', tag(STACK, 'eksctl-prod-nodegroup-ng-1'), undefined, 'eksctl (stack eksctl-prod-nodegroup-ng-1)'],
    ['eksctl, by a stack and its own tag', [...tag(STACK, 'x'), ...tag('alpha.eksctl.io/cluster-name')], undefined, 'eksctl (stack x)'],
    ['Service Catalog, by its stack', tag(STACK, 'SC-123456789012-pp-abc'), undefined, 'Service Catalog (stack SC-123456789012-pp-abc)'],
    [
      'Service Catalog, by its tag',
      [...tag(STACK, 'x'), ...tag('aws:servicecatalog:provisionedProductArn')],
      undefined,
      'Service Catalog (stack x)',
    ],
    ['Service Catalog, by the service', [], { via: 'x', service: 'servicecatalog.amazonaws.com' }, 'Service Catalog'],
    [
      'ParallelCluster, by a stack and its own tag',
      [...tag(STACK, 'x'), ...tag('parallelcluster:cluster-name')],
      undefined,
      'AWS ParallelCluster (stack x)',
    ],
    ['ECS, by the service', [], { via: 'x', service: 'ecs.amazonaws.com' }, 'Amazon ECS'],
    [
      'a stack set, by the service',
      [],
      { via: 'x', service: 'member.org.stacksets.cloudformation.amazonaws.com' },
      'CloudFormation StackSets',
    ],
    ['a stack set', tag(STACK, 'StackSet-base-1'), undefined, 'CloudFormation StackSets (stack StackSet-base-1)'],
    ['a stack that is only named like one', tag(STACK, 'my-awseb-x'), undefined, 'The CloudFormation stack my-awseb-x'],
    [
      'a stack, though another service called',
      tag(STACK, 'web'),
      { via: 'x', service: 'batch.amazonaws.com' },
      'The CloudFormation stack web',
    ],
    ['Image Builder, by the service', [], { via: 'x', service: 'imagebuilder.amazonaws.com' }, 'EC2 Image Builder'],
    ['EMR, by its tag', tag('aws:elasticmapreduce:job-flow-id'), undefined, 'Amazon EMR'],
    ['Crossplane, by a role of the config', tag('crossplane-kind'), by('ebs-csi'), 'Crossplane'],
    ['Batch, by the service', [], { via: 'x', service: 'batch.amazonaws.com' }, 'AWS Batch'],
    ['Terraform, by a role of the config', [], by('deploy-shop'), 'Terraform'],
    ['Pulumi, by a role of the config', [], by('pulumi'), 'Pulumi'],
    ['a cluster, by a role of the config', [], by('ebs-csi'), 'A Kubernetes cluster'],
    ['a CSI driver, by a role of the config', [], by('ebs-csi', 'EBS CSI driver'), 'A Kubernetes CSI driver'],
    ['Karpenter, by a role of the config', tag('karpenter.sh/nodepool'), by('ebs-csi'), 'Karpenter'],
    ['a cluster whose role makes what claims another tool', tag('terraform'), by('ebs-csi'), 'A Kubernetes cluster'],
    [
      'a stack, whatever it claims besides',
      [...tag('aws:cloudformation:stack-name', 'web'), ...tag('terraform')],
      undefined,
      'The CloudFormation stack web',
    ],
  ])('is proven: %s', (_name, tags, made, name) => {
    expect(managerOf(tags, made, { managedBy })).toMatchObject({ name, isProven: true });
  });

  test.each([
    ['the user agent of Terraform', [], { via: 'Terraform' }, 'Terraform'],
    ['that of a role that the config does not name', [], by('dana', 'Terraform'), 'Terraform'],
    ['a key that names Terraform', tag('Terraform', 'true'), undefined, 'Terraform'],
    ['a value that names it', tag('note', 'terraform'), { via: 'AWS CLI' }, 'Terraform'],
    ['a value that names OpenTofu', tag('note', 'OpenTofu'), undefined, 'Terraform'],
    ['the user agent of Pulumi', [], { via: 'Pulumi' }, 'Pulumi'],
    ['a key that names it', tag('pulumi:stack'), undefined, 'Pulumi'],
    ['the user agent of the CDK', [], { via: 'CDK' }, 'CloudFormation'],
    ['what an earlier version took for CloudFormation', [], { via: 'CloudFormation' }, 'CloudFormation'],
    ['the user agent of a CSI driver', [], { via: 'EBS CSI driver' }, 'A Kubernetes CSI driver'],
    ['tags of a CSI driver', tag('ebs.csi.aws.com/cluster'), undefined, 'A Kubernetes CSI driver'],
    ['more of them', tag('kubernetes.io/created-for/pvc/name'), undefined, 'A Kubernetes CSI driver'],
    ['and more', tag('CSIVolumeName'), undefined, 'A Kubernetes CSI driver'],
    ['a cluster', tag('kubernetes.io/cluster/prod', 'owned'), undefined, 'A Kubernetes cluster'],
    ['a cluster by name', tag('KubernetesCluster'), undefined, 'A Kubernetes cluster'],
    ['kOps', tag('kops.k8s.io/instancegroup'), undefined, 'kOps'],
    ['a node group of EKS', tag('eks:nodegroup-name'), undefined, 'An EKS managed node group'],
    ['another of EKS', tag('eks:cluster-name'), undefined, 'An EKS managed node group'],
    ['EKS Auto Mode', tag('eks:eks-cluster-name'), undefined, 'Amazon EKS Auto Mode'],
    ['Karpenter', tag('karpenter.sh/nodepool'), undefined, 'Karpenter'],
    // https://karpenter.sh/docs/upgrading/v1-migration/
    ['Karpenter v1', [...tag('eks:eks-cluster-name'), ...tag('karpenter.k8s.aws/cluster')], undefined, 'Karpenter'],
    ['Karpenter, with tags of its own users', [...tag('karpenter.sh/nodeclaim'), ...tag('ManagedBy', 'terraform')], undefined, 'Karpenter'],
    ['Crossplane, whose provider is that of Terraform', tag('crossplane-kind'), { via: 'Terraform' }, 'Crossplane'],
    ['ACK', tag('services.k8s.aws/controller-version', 'ec2-1.2.3'), { via: 'SDK' }, 'AWS Controllers for Kubernetes (ACK)'],
    [
      'Cluster API',
      [...tag('sigs.k8s.io/cluster-api-provider-aws/cluster/prod', 'owned'), ...tag('kubernetes.io/cluster/prod', 'owned')],
      undefined,
      'Cluster API',
    ],
    ['eksctl', [...tag('eks:nodegroup-name'), ...tag('alpha.eksctl.io/nodegroup-name')], undefined, 'eksctl'],
    ['Beanstalk, without its stack', tag('elasticbeanstalk:environment-name'), undefined, 'Elastic Beanstalk'],
    ['Image Builder', tag('Ec2ImageBuilderArn'), undefined, 'EC2 Image Builder'],
    ['Image Builder by name', tag('CreatedBy', 'EC2 Image Builder'), undefined, 'EC2 Image Builder'],
    [
      'Terraform, though a cluster uses it',
      [...tag('kubernetes.io/cluster/prod', 'owned'), ...tag('Terraform', 'true')],
      undefined,
      'Terraform',
    ],
    [
      'the user agent of Terraform, though a cluster uses it',
      tag('kubernetes.io/cluster/prod', 'owned'),
      { via: 'Terraform' },
      'Terraform',
    ],
    ['Terraform, in a cluster of EKS', [...tag('aws:eks:cluster-name'), ...tag('Terraform', 'true')], undefined, 'Terraform'],
    ['a value that names Pulumi', tag('ManagedBy', 'Pulumi'), undefined, 'Pulumi'],
    ['a value beside a denied key', [...tag('Terraform', 'false'), ...tag('ManagedBy', 'Pulumi')], undefined, 'Pulumi'],
    ['a value beside a key of another', [...tag('terraform-module', 'x'), ...tag('managed-by', 'pulumi')], undefined, 'Pulumi'],
    ['a value that names CloudFormation', tag('provisioner', 'AWS CloudFormation'), undefined, 'CloudFormation'],
    ['a value that names the CDK', tag('iac', 'aws-cdk'), undefined, 'CloudFormation'],
    ['a value with a version', tag('note', 'Terraform v1.13.4'), undefined, 'Terraform'],
    ['a sentence that is common', tag('Description', 'Managed by Terraform'), undefined, 'Terraform'],
    ['a value that names Karpenter', tag('managed_by', 'karpenter'), undefined, 'Karpenter'],
    ['a key without a value', tag('terraform', ''), undefined, 'Terraform'],
    ['a detail of Terraform', tag('TerraformWorkspace', 'prod'), undefined, 'Terraform'],
    ...Object.entries({
      'AWS ParallelCluster': 'pcluster',
      Crossplane: 'crossplane',
      'AWS Controllers for Kubernetes (ACK)': 'ACK',
      'Cluster API': 'cluster-api',
      kOps: 'kOps',
      eksctl: 'created with eksctl',
      'Elastic Beanstalk': 'AWS Elastic Beanstalk',
      'Service Catalog': 'service_catalog',
      'EC2 Image Builder': 'image-builder',
      Terraform: 'HashiCorp Terraform Cloud',
    }).map(([name, value]): [string, object[], undefined, string] => [`the value ${value}`, tag('provisioned-by', value), undefined, name]),
    ['OpenTofu in two words', tag('iac', 'open tofu'), undefined, 'Terraform'],
    ['a CSI driver of Auto Mode', tag('ebs.csi.eks.amazonaws.com/cluster'), undefined, 'A Kubernetes CSI driver'],
    ['eksctl of old', tag('eksctl.cluster.k8s.io/v1alpha1/cluster-name'), undefined, 'eksctl'],
    ['nodes of Auto Mode', tag('eks:kubernetes-node-pool-name'), undefined, 'Amazon EKS Auto Mode'],
    ['ParallelCluster', tag('parallelcluster:version'), undefined, 'AWS ParallelCluster'],
    ['the flag of Pulumi', tag('pulumi', 'yes'), undefined, 'Pulumi'],
    ['the flag of Crossplane', tag('by-crossplane', 'true'), undefined, 'Crossplane'],
    ['the flag of CloudFormation', tag('CloudFormation', 'true'), undefined, 'CloudFormation'],
    ['a cluster by a value of its own', tag('KubernetesCluster', 'prod'), { via: 'SDK' }, 'A Kubernetes cluster'],
    ...Object.entries({
      Karpenter: 'Karpenter',
      Crossplane: 'Crossplane',
      ACK: 'AWS Controllers for Kubernetes (ACK)',
      'Cluster API': 'Cluster API',
      eksctl: 'eksctl',
      kOps: 'kOps',
    }).map(([via, name]): [string, [], { via: string }, string] => [`the user agent of ${via}`, [], { via }, name]),
    ['Batch', tag('AWSBatchServiceTag'), undefined, 'AWS Batch'],
  ])('is claimed by %s', (_name, tags, made, name) => {
    expect(managerOf(tags, made, { managedBy })).toMatchObject({ name, isProven: false });
  });

  test.each([
    ['another tag', tag('Name', 'data'), { via: 'AWS CLI' }],
    ['a tag whose value only begins so', tag('note', 'terraform-free'), undefined],
    ['a service that makes nothing of its own', [], { via: 'x', service: 'autoscaling.amazonaws.com' }],
    ['keys that only contain such words', tag('my-eks:x'), undefined],
    ...[
      'false',
      'False',
      'no',
      'No',
      '0',
      'off',
      'none',
      'n/a',
      'never',
      'null',
      'disabled',
      'not managed',
      'unmanaged',
      'manual',
      ' false ',
    ].map((value): [string, object[], undefined] => [`a key that its value denies: ${value}`, tag('Terraform', value), undefined]),
    ['a value that denies', tag('ManagedBy', 'not terraform'), undefined],
    ['a key that says the contrary', tag('NotManagedBy', 'terraform'), undefined],
    ['a key that speaks of before', tag('migrated-from', 'terraform'), undefined],
    ['another', tag('no-terraform', 'true'), undefined],
    ['a name', tag('Name', 'pulumi'), undefined],
    ['what several clusters share', tag('kubernetes.io/cluster/prod', 'shared'), undefined],
    ['what Karpenter may use', tag('karpenter.sh/discovery', 'prod'), undefined],
    ['what the autoscaler may scale', tag('k8s.io/cluster-autoscaler/enabled', 'true'), undefined],
    ['AWS Backup, which restores and leaves it to people', [], { via: 'x', service: 'backup.amazonaws.com' }],
    ['Data Lifecycle Manager', tag('aws:dlm:lifecycle-policy-id'), undefined],
    ['AWS Backup by name', tag('CreatedBy', 'AWS Backup'), undefined],
    ['Data Lifecycle Manager by its own tag', tag('dlm:managed', 'true'), undefined],
    ['a name under a key that asks for none', tag('app', 'karpenter'), undefined],
    ['a cluster that uses it no more', tag('kubernetes.io/cluster/prod', 'false'), undefined],
    ['no tag', undefined, undefined],
  ])('is not said by %s', (_name, tags, made) => {
    expect(managerOf(tags, made, { managedBy })).toBeUndefined();
  });

  test('is proven by no role where the config names none', () => {
    expect(managerOf([], by('deploy-shop'), {})).toBeUndefined();
    expect(managerOf([], { via: 'x' }, { managedBy })).toBeUndefined();
  });

  test('stands in a sentence by its name, with the article in lower case', () => {
    const names = ['A Kubernetes cluster', 'An EKS managed node group', 'The CloudFormation stack A The x', 'Terraform', 'Amazon EKS'];
    expect(names.map((name) => inSentence({ name }))).toEqual([
      'a Kubernetes cluster',
      'an EKS managed node group',
      'the CloudFormation stack A The x',
      'Terraform',
      'Amazon EKS',
    ]);
  });
});
