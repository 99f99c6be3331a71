import { configDigest } from '../../../infra/config-digest.ts';
import { answer, type Check, other } from '../check.ts';

/** Whether the config that was deployed is the one here. */
export const config: Check = {
  id: 'config',
  asks: 'Is the deployed configuration the one here?',
  needs: ['cloudformation:DescribeStacks'],
  async look({ deployment: { outputs }, config: here, functions }) {
    const deployed = outputs.get('ConfigDigest');
    const digest = configDigest(here, functions);
    if (deployed === undefined)
      return other(
        'unknown',
        'The stack does not say which configuration it has: it is of a version before.',
        'Deploy this version with `npx cdk deploy`.',
      );
    return answer(
      'The deployed configuration is the one here.',
      deployed === digest
        ? []
        : [
            {
              says: `The deployed configuration (${deployed}) is not the one here (${digest}), or another version was deployed. Rules and roles are compared with what is here, so they may differ too.`,
              next: 'See what a deployment would change with `npx cdk diff`, then deploy with `npx cdk deploy`; or name the configuration that was deployed with --config.',
            },
          ],
    );
  },
};
