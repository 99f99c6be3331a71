import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** An IAM statement that denies actions on one resource, whoever else allows them. */
export function deny(actions: readonly string[], resource: string, conditions?: PolicyStatement['conditions']): PolicyStatement {
  return new PolicyStatement({ effect: Effect.DENY, actions: [...actions], resources: [resource], ...(conditions && { conditions }) });
}

/** An IAM statement that allows actions on one resource. */
export function allow(actions: readonly string[], resource: string, conditions?: PolicyStatement['conditions']): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [resource], ...(conditions && { conditions }) });
}

/** The condition that only items of a table with such partition keys are touched. */
export function underKey(...keys: readonly string[]): PolicyStatement['conditions'] {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } };
}
