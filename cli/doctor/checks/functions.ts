import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandOutput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { classify } from '#shared/aws/errors.ts';
import { trying } from '../../failure.ts';
import { answer, type Check, DEPLOY, type Problem, wanted } from '../check.ts';
import { sideBySide } from '../side-by-side.ts';

/** Whether every function can be started. */
export const functions: Check = {
  id: 'functions',
  asks: 'Can every function be started?',
  needs: ['lambda:GetFunctionConfiguration', 'lambda:GetFunctionConcurrency'],
  async look(patient) {
    const lambda = new LambdaClient(patient.client);
    const names = wanted(patient, 'AWS::Lambda::Function').map(({ FunctionName }) => String(FunctionName));
    const problems = await sideBySide(names, async (FunctionName) =>
      trying(`ask how the function ${FunctionName} is`, async () => {
        try {
          const found = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
          const { ReservedConcurrentExecutions } = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
          return problemsOf(FunctionName, found, ReservedConcurrentExecutions, patient.region);
        } catch (error) {
          if (classify(error) === 'missing') return [{ says: `There is no function ${FunctionName}.`, next: DEPLOY }];
          throw error;
        }
      }),
    );
    return answer(`All ${names.length} functions can be started.`, problems.flat());
  },
};

function problemsOf(
  name: string,
  { State, StateReason, LastUpdateStatus, LastUpdateStatusReason }: GetFunctionConfigurationCommandOutput,
  reserved: number | undefined,
  region: string,
): Problem[] {
  return [
    ...(State === 'Failed' ? [{ says: `The function ${name} cannot run: ${StateReason}`, next: DEPLOY }] : []),
    ...(LastUpdateStatus === 'Failed' ? [{ says: `The last update of ${name} failed: ${LastUpdateStatusReason}`, next: DEPLOY }] : []),
    ...(reserved === 0
      ? [
          {
            says: `The function ${name} is stopped: its reserved concurrency is 0.`,
            next: `Let it run: \`aws lambda delete-function-concurrency --function-name ${name} --region ${region}\`.`,
          },
        ]
      : []),
  ];
}
