import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Aws } from 'aws-cdk-lib/core';
import { acknowledge } from './nag.ts';
import { allow } from './statements.ts';

/** What a role needs to read the secrets of SecureString parameters, under whichever key they are; nothing for none. */
export function secretStatements(parameters: readonly string[]): PolicyStatement[] {
  if (parameters.length === 0) return [];
  const arns = parameters.map((name) => `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:parameter${name}`);
  return [
    ...arns.map((arn) => allow(['ssm:GetParameter'], arn)),
    // for a customer managed key; that of `alias/aws/ssm` lets in whoever may read the parameter
    allow(['kms:Decrypt'], anyKey(Aws.PARTITION, Aws.REGION, Aws.ACCOUNT_ID), {
      StringEquals: {
        'kms:ViaService': ['', '.cn'].map((suffix) => `ssm.${Aws.REGION}.amazonaws.com${suffix}`),
        'kms:EncryptionContext:PARAMETER_ARN': arns,
      },
    }),
  ];
}

/** Says why those statements name no key. */
export function acknowledgeSecrets(role: Role): void {
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::${anyKey('<AWS::Partition>', '<AWS::Region>', '<AWS::AccountId>')}]`,
    'Whichever key the secrets are under; only through Parameter Store, and only for these parameters.',
  );
}

function anyKey(partition: string, region: string, account: string): string {
  return `arn:${partition}:kms:${region}:${account}:key/*`;
}
