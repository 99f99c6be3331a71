import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { inSentence, isListed, managedBySchema, managerOf } from './manager.ts';

const tag = (Key: string, Value = 'x') => [{ Key, Value }];
const role = (name: string, account = '111122223333') => `arn:aws:iam::${account}:role/${name}`;
const managedBy = { terraform: [role('deploy-*')], pulumi: [role('pulumi')], kubernetes: [role('ebs-csi')] };
const by = (name: string, via = 'unknown') => ({ via, by: role(name) });

describe('what manages a resource', () => {
  test.each([
    ['a stack, by the tag that AWS sets', tag('aws:cloudformation:stack-name', 'web'), undefined, 'The CloudFormation stack web'],
    ['a stack, by the service that AWS names', [], { via: 'CloudFormation', service: 'cloudformation.amazonaws.com' }, 'CloudFormation'],
    ['EKS, by the tag that AWS sets', tag('aws:eks:cluster-name'), undefined, 'Amazon EKS'],
    ['EKS, by the service', [], { via: 'x', service: 'eks-nodegroup.amazonaws.com' }, 'Amazon EKS'],
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
    ['kOps', tag('kops.k8s.io/instancegroup'), undefined, 'A Kubernetes cluster'],
    ['EKS', tag('eks:nodegroup-name'), undefined, 'Amazon EKS'],
    ['Karpenter', tag('karpenter.sh/nodepool'), undefined, 'Karpenter'],
    ['Batch', tag('AWSBatchServiceTag'), undefined, 'AWS Batch'],
  ])('is claimed by %s', (_name, tags, made, name) => {
    expect(managerOf(tags, made, { managedBy })).toMatchObject({ name, isProven: false });
  });

  test.each([
    ['another tag', tag('Name', 'data'), { via: 'AWS CLI' }],
    ['a tag whose value only begins so', tag('note', 'terraform-free'), undefined],
    ['a service that makes nothing of its own', [], { via: 'x', service: 'autoscaling.amazonaws.com' }],
    ['keys that only contain such words', tag('my-eks:x'), undefined],
    ['no tag', undefined, undefined],
  ])('is not said by %s', (_name, tags, made) => {
    expect(managerOf(tags, made, { managedBy })).toBeUndefined();
  });

  test('is proven by no role where the config names none', () => {
    expect(managerOf([], by('deploy-shop'), {})).toBeUndefined();
    expect(managerOf([], { via: 'x' }, { managedBy })).toBeUndefined();
  });

  test('stands in a sentence by its name, with the article in lower case', () => {
    const names = ['A Kubernetes cluster', 'The CloudFormation stack A The x', 'Terraform', 'Amazon EKS'];
    expect(names.map((name) => inSentence({ name }))).toEqual([
      'a Kubernetes cluster',
      'the CloudFormation stack A The x',
      'Terraform',
      'Amazon EKS',
    ]);
  });
});

describe('a list of principals', () => {
  test.each([
    [role('deploy'), role('deploy')],
    [role('deploy-*'), role('deploy-shop')],
    [role('deploy-*'), role('deploy-')],
    [role('*-deploy-*-x'), role('shop-deploy-eu-x')],
    [role('ci/deploy'), role('ci/deploy')],
    [role('ci/*'), role('ci/deploy')],
    [role('a+b.c'), role('a+b.c')],
    [role('deploy', '*'), role('deploy', '444455556666')],
    ['arn:aws:iam::111122223333:user/ci', 'arn:aws:iam::111122223333:user/ci'],
  ])('%s names %s', (pattern, arn) => {
    expect(v.parse(managedBySchema, { terraform: [pattern] })).toEqual({ terraform: [pattern] });
    expect(isListed([role('other'), pattern], arn)).toBe(true);
  });

  test.each([
    [role('deploy'), role('deploy-shop')],
    [role('deploy'), role('my-deploy')],
    // a path is a part of its own: whoever may make roles under one path need not be trusted with the names of another
    [role('deploy-*'), role('deploy-x/evil')],
    [role('deploy-*'), role('evil/deploy-x')],
    [role('a.b'), role('axb')],
    [role('deploy'), role('deploy', '444455556666')],
    [role('deploy'), 'arn:aws:iam::111122223333:user/deploy'],
    [role('deploy'), 'arn:aws:sts::111122223333:assumed-role/deploy/x'],
    [role('deploy'), undefined],
  ])('%s does not name %s', (pattern, arn) => {
    expect(isListed([pattern], arn)).toBe(false);
  });

  test('that is not there names nobody', () => expect(isListed(undefined, role('deploy'))).toBe(false));

  test.each([
    role('*'),
    role('*/*'),
    role('/'),
    'deploy',
    'arn:aws:sts::111122223333:assumed-role/deploy/*',
    role('deploy', '1'),
    role('a b'),
    role('deploy\n'),
  ])('refuses %j', (pattern) => {
    const { issues } = v.safeParse(managedBySchema, { terraform: [pattern] });
    expect(issues?.map(({ message }) => message)).toEqual([
      'is not the ARN of a role or user, such as arn:aws:iam::111122223333:role/deploy-*',
    ]);
  });
});
