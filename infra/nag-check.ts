import type { Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';

/** A stack that breaks rules of cdk-nag's AwsSolutions pack, with no reason given where it does. */
export class NagError extends Error {
  override readonly name = 'NagError';
}

/** Checks a stack against the AwsSolutions pack; throws `NagError` with every finding. */
export function checkWithNag(stack: Stack): void {
  // not as a plugin of the app: those print their report by themselves
  const { violations } = new AwsSolutionsChecks(undefined, { verbose: true }).validateScope(stack);
  if (violations.length === 0) return;
  const lines = violations.flatMap(({ ruleName, description, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `  - ${constructPath}: ${ruleName}: ${description}`),
  );
  throw new NagError(`The stack breaks rules of cdk-nag's AwsSolutions pack:\n${lines.join('\n')}`);
}
