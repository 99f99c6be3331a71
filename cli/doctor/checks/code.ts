import { codeDigest } from '../../../infra/code-digest.ts';
import { answer, type Check, other } from '../check.ts';

/** Whether the functions run the code of this version. */
export const code: Check = {
  id: 'code',
  asks: "Is the deployed code this version's?",
  needs: ['cloudformation:DescribeStacks'],
  async look({ deployment: { outputs } }) {
    const deployed = outputs.get('CodeDigest');
    const here = codeDigest();
    if (deployed === undefined)
      return other(
        'unknown',
        'The stack does not say which code it has: it is of a version before.',
        'Deploy this version with `npx cdk deploy`.',
      );
    return answer(
      "The deployed code is this version's.",
      deployed === here
        ? []
        : [
            {
              says: `The functions were deployed from other sources or packages (${deployed}) than those here (${here}).`,
              next: 'Deploy this version with `npx cdk deploy`, or run `redress doctor` in a clone of the version that is deployed.',
            },
          ],
    );
  },
};
