import { answer, type Check, DEPLOY } from '../check.ts';

/** Whether CloudFormation completed the last deployment. */
export const stack: Check = {
  id: 'stack',
  asks: 'Is the stack complete?',
  needs: ['cloudformation:DescribeStacks'],
  look: async ({ deployment: { stack: name, state } }) =>
    answer(
      `The stack ${name} is complete.`,
      /^(CREATE|UPDATE|IMPORT)_COMPLETE(_CLEANUP_IN_PROGRESS)?$/.test(state.status)
        ? []
        : [
            {
              says: `The stack ${name} is ${state.status}.`,
              next: /IN_PROGRESS$/.test(state.status)
                ? 'Wait until the deployment is done, then run `redress doctor` again.'
                : `Its events say why: \`aws cloudformation describe-stack-events --stack-name ${name}\`. ${DEPLOY}`,
            },
          ],
    ),
};
