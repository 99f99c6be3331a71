import { describe, expect, test } from 'vitest';
import { managerOf, serviceName, toolBehind } from './manager.ts';

const STACK = 'aws:cloudformation:stack-name';
const tag = (Key: string, Value = 'x') => [{ Key, Value }];

describe('a tool of its own way', () => {
  const sources = {
    about: 'encryption',
    terraform: 'set `encrypted = true`.',
    cloudFormation: 'set `Encrypted: true`.',
    kubernetes: 'set it.',
  };
  const linesOf = (tags: object[], iac: object = sources) =>
    managerOf(tags, undefined, {})
      ?.fix(iac)
      .map(({ tool, says }) => `${tool}: ${says}`);

  test.each([
    ['Terraform', tag('Terraform', 'true'), ['Terraform: set `encrypted = true`.']],
    ['Pulumi', tag('ManagedBy', 'Pulumi'), ["Pulumi: as with Terraform, under Pulumi's own names: set `encrypted = true`."]],
    [
      'Crossplane',
      tag('crossplane-kind'),
      [expect.stringMatching(/^Crossplane: as with Terraform, in camel case under `spec.forProvider`/)],
    ],
    ['CloudFormation', tag(STACK, 'web'), ['CloudFormation: set `Encrypted: true`.']],
    ['a CSI driver', tag('CSIVolumeName'), ['Kubernetes: set it.']],
    ['Karpenter', tag('karpenter.sh/nodepool'), [expect.stringMatching(/^Karpenter: .*`spec.blockDeviceMappings` of the EC2NodeClass/)]],
    ['a node group', tag('eks:nodegroup-name'), [expect.stringMatching(/^Amazon EKS: give the node group a launch template of its own/)]],
    [
      'a self-managed node',
      tag('kubernetes.io/cluster/prod', 'owned'),
      [expect.stringMatching(/^Kubernetes: .*the node group's own launch template/)],
    ],
    ['eksctl', tag('alpha.eksctl.io/cluster-name'), [expect.stringMatching(/^eksctl: set `volumeEncrypted: true`/)]],
    [
      'Elastic Beanstalk',
      tag('elasticbeanstalk:environment-id'),
      [expect.stringMatching(/^Elastic Beanstalk: .*encryption by default.*custom AMI/)],
    ],
    ['Service Catalog', tag('aws:servicecatalog:productArn'), [expect.stringMatching(/^Service Catalog: .*new version of the product/)]],
    ['Cluster API', tag('sigs.k8s.io/cluster-api-provider-aws/role'), [expect.stringMatching(/^Cluster API: .*AWSMachineTemplate/)]],
    ['ACK', tag('services.k8s.aws/namespace'), [expect.stringMatching(/^ACK: set `encrypted: true`/)]],
    ['Image Builder', tag('Ec2ImageBuilderArn'), [expect.stringMatching(/^EC2 Image Builder: .*image recipe/)]],
  ])('says that alone: %s', (_name, tags, lines) => expect(linesOf(tags)).toEqual(lines));

  test.each([
    ['the load balancer controller', tag('elbv2.k8s.aws/cluster'), /^AWS Load Balancer Controller: .*inbound-cidrs/],
    ['Amazon EKS', tag('aws:eks:cluster-name'), /^Amazon EKS: .*loadBalancerSourceRanges/],
    ['a cluster', tag('kubernetes.io/cluster/prod', 'owned'), /^Kubernetes: .*loadBalancerSourceRanges/],
    ['Terraform', tag('Terraform', 'true'), /^Terraform: narrow/],
  ])('says how it narrows what may reach it: %s', (_name, tags, says) =>
    expect(linesOf(tags, { about: 'sources', terraform: 'narrow it.' })).toEqual([expect.stringMatching(says)]),
  );

  test('says nothing of what it has no way for', () => {
    expect(linesOf(tag('elbv2.k8s.aws/cluster'))).toEqual([]);
    expect(linesOf(tag('karpenter.sh/nodepool'), { about: 'sources' })).toEqual([]);
  });

  test.each([
    ['AWS Directory Service', 'ds.amazonaws.com'],
    ['AWS Firewall Manager', 'fms.amazonaws.com'],
  ])('is proven by its service: %s', (name, service) => {
    const manager = managerOf([], { via: service, service }, {});
    expect(manager).toMatchObject({ name, isProven: true });
    expect(manager?.fix({ about: 'sources' })).toHaveLength(1);
  });

  test('says where its tags stand', () => {
    const nodes = tag('karpenter.sh/nodepool');
    expect(linesOf(nodes, { about: 'tags' })).toEqual(['Karpenter: set it in `spec.tags` of the EC2NodeClass.']);
    expect(linesOf(nodes, { about: 'text' })).toEqual(['Karpenter: remove it from `spec.tags` of the EC2NodeClass.']);
    expect(linesOf(nodes, { terraform: 'x' })).toEqual([]);
    expect(linesOf(tag('kubernetes.io/cluster/prod', 'owned'), { about: 'tags' })).toEqual([]);
    expect(linesOf(tag('ManagedBy', 'pulumi'), {})).toEqual([]);
  });

  test.each([
    ['AWS Backup', 'backup.amazonaws.com', /`encrypted` set to `true` in the metadata of the restore job/],
    ['Amazon Data Lifecycle Manager', 'dlm.amazonaws.com', /CrossRegionCopyRules/],
  ])('is known of what makes and lets go: %s', (name, service, says) => {
    const tool = toolBehind([], { via: service, service }, {});
    expect(tool).toMatchObject({ name, isProven: true });
    expect(tool?.fix(sources)).toEqual([{ tool: name, says: expect.stringMatching(says) }]);
  });

  test('is called as people call it, or as records name it', () => {
    expect(serviceName('backup.amazonaws.com')).toBe('AWS Backup');
    expect(serviceName('ec2fleet.amazonaws.com')).toBe('The service ec2fleet.amazonaws.com');
  });
});
