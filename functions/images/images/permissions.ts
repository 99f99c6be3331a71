import { SUPERSEDED_BY } from '#shared/aws/copies.ts';
import type { Permission } from '#shared/control/types.ts';

const anyImage = 'arn:{partition}:ec2:{region}::image/*';
const onBehalf = 'EBS uses a customer key on behalf of whoever calls CopyImage';
const viaEc2 = { StringEquals: { 'kms:ViaService': ['ec2.{region}.amazonaws.com', 'ec2.{region}.amazonaws.com.cn'] } };

/** What it takes to make an encrypted copy of an image, and to tag the original. */
export const copyWrites: readonly Permission[] = [
  { action: 'ec2:CopyImage', resource: anyImage },
  // of the original and of the copy: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/copy-ami-permissions.html
  { action: 'ec2:CopyImage', resource: 'arn:{partition}:ec2:{region}::snapshot/*' },
  { action: 'ec2:CreateTags', resource: anyImage, conditions: { StringEquals: { 'ec2:CreateAction': 'CopyImage' } } },
  {
    action: 'ec2:CreateTags',
    resource: anyImage,
    conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': [SUPERSEDED_BY] }, Null: { 'aws:TagKeys': 'false' } },
  },
  { action: 'kms:DescribeKey', conditions: viaEc2, impliedBy: onBehalf },
  { action: 'kms:Decrypt', conditions: viaEc2, impliedBy: onBehalf },
  { action: 'kms:GenerateDataKeyWithoutPlaintext', conditions: viaEc2, impliedBy: onBehalf },
  { action: 'kms:ReEncrypt*', conditions: viaEc2, impliedBy: onBehalf },
  { action: 'kms:CreateGrant', conditions: { ...viaEc2, Bool: { 'kms:GrantIsForAWSResource': 'true' } }, impliedBy: onBehalf },
];
