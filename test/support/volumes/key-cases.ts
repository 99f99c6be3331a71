import { awsError } from '../harness.ts';
import type { InvalidCase } from '../tester.ts';
import { asks, blue, foreign, grant, likeAwsOwn, open, operations, root, stops, turnedOn, uses, usual, world } from './keys.ts';
import { volumesWorld } from './world.ts';

/** Customer keys that groups launch with. */
export const keyCases: readonly InvalidCase[] = [
  { ...turnedOn, name: 'groups that may use the customer key by its policy', world: world(open(usual), { groups: 1 }) },
  { ...turnedOn, name: 'groups that may use it by a grant', world: world([root], { groups: 1 }, { grants: [grant(usual)] }) },
  // the reverse of containers-roadmap#1087: only a suffixed role is there, and only it is allowed
  {
    ...turnedOn,
    name: 'a group with a role of its own, which alone may use it',
    world: world(open(blue), { groups: [{ ServiceLinkedRoleARN: blue }] }),
  },
  {
    ...turnedOn,
    name: "a policy like AWS's own",
    world: world([likeAwsOwn], { groups: [{ ServiceLinkedRoleARN: blue }], spotRequests: 1 }),
  },
  {
    ...turnedOn,
    name: 'a group that is being deleted, whose role may not use it',
    world: world([root], { groups: [{ ServiceLinkedRoleARN: blue, Status: 'Delete in progress' }] }),
  },
  {
    ...turnedOn,
    name: 'denials of what no launch needs',
    world: world([...open(usual), { Effect: 'Deny', Principal: '*', Action: ['kms:ScheduleKeyDeletion', 'kms:Disable*'], Resource: '*' }], {
      groups: 1,
    }),
  },
  {
    ...stops,
    name: 'groups that may not use the customer key',
    world: world([root], { groups: 1 }),
    says: /turning it on would stop launches: the Auto Scaling service-linked role may not use/,
    advice: /"AutoScalingUsesTheKey".*\n.*kms:GrantIsForAWSResource/,
  },
  // containers-roadmap#1087
  {
    ...stops,
    name: 'a group with a role of its own, where the usual one alone may use it',
    world: world(open(usual), { groups: [{ ServiceLinkedRoleARN: usual }, { ServiceLinkedRoleARN: blue }] }),
    says: /may not use .*\/0f: AWSServiceRoleForAutoScaling_blue lacks kms:Encrypt, kms:Decrypt, kms:ReEncrypt\*, kms:GenerateDataKey\*, kms:DescribeKey, kms:CreateGrant\.$/,
    advice: /^Add to the key policy: \{"Sid":"AutoScalingUsesTheKey".*AutoScaling_blue"\}.*\n.*AutoScaling_blue.*$/,
  },
  // aws-service-catalog-reference-architectures#103
  {
    ...stops,
    name: 'groups that lack one half of a pair, which alone is named',
    world: world(
      [{ ...root, Principal: '*', Action: ['kms:ReEncryptFrom', ...uses.filter((one) => !one.includes('ReEncrypt')), 'kms:CreateGrant'] }],
      {
        groups: 1,
      },
    ),
    says: /AWSServiceRoleForAutoScaling lacks kms:ReEncryptTo\.$/,
    advice: /^Add to the key policy: \{"Sid":"AutoScalingUsesTheKey".*"Action":\["kms:ReEncryptTo"\]\}$/,
  },
  {
    ...stops,
    name: 'a denial to everybody, of which the group is not excepted',
    world: world([...open(usual), { Effect: 'Deny', Principal: '*', Action: 'kms:Decrypt', Resource: '*' }], { groups: 1 }),
    says: /AWSServiceRoleForAutoScaling is denied kms:Decrypt\.$/,
    advice:
      /^Except arn:aws:iam::\d+:role\/\S+\/AWSServiceRoleForAutoScaling in the policy of \S+ from the statement that denies kms:Decrypt\.$/,
  },
  {
    ...asks,
    name: 'a denial by a condition that only AWS can judge',
    world: world(
      [
        ...open(usual),
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'kms:Decrypt',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } },
        },
      ],
      { groups: 1 },
    ),
    says: /conditions that Redress cannot judge \(aws:PrincipalOrgID\), and AWSServiceRoleForAutoScaling launches for its groups here\.$/,
    advice: /^Look in CloudTrail .*, or give it kms:Decrypt in a statement without aws:PrincipalOrgID\.$/,
  },
  {
    ...asks,
    name: 'a policy and grants that Redress may not see',
    world: world([root], { groups: 1, refuses: { GetKeyPolicy: awsError('AccessDeniedException', 'no') } }),
    says: /not all of the policy and grants of .* is visible, and no grant on it shows for the Auto Scaling service-linked role AWSServiceRole/,
    advice: /^Allow Redress's role `kms:GetKeyPolicy` and `kms:ListGrants`/,
  },
  {
    ...turnedOn,
    name: 'grants that Redress may not see, where the policy is enough',
    world: world(open(usual), { groups: 1, refuses: { ListGrants: awsError('AccessDeniedException', 'no') } }),
  },
  {
    ...asks,
    name: 'a key of another account, on which a grant shows for a part',
    world: () =>
      volumesWorld({
        keys: { [foreign]: { Arn: foreign, grants: [{ ...grant(usual), Operations: operations as never }] } },
        defaultKey: foreign,
        groups: 1,
        refuses: { GetKeyPolicy: awsError('AccessDeniedException', 'of another account') },
      }),
    says: /\/0d is of another account, and its grants show no kms:CreateGrant for the Auto Scaling service-linked role AWSServiceRoleForAutoScaling\.$/,
    advice:
      /`aws kms create-grant --region eu-west-1 --key-id \S+\/0d --grantee-principal \S+AWSServiceRoleForAutoScaling --operations CreateGrant`/,
  },
];
