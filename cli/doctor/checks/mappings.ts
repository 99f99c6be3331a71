import { type EventSourceMappingConfiguration, LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { trying } from '../../failure.ts';
import { answer, type Check, DEPLOY, type Problem, wanted } from '../check.ts';
import { isSame } from '../same.ts';
import { sideBySide } from '../side-by-side.ts';

/** Whether every function is fed from its queue. */
export const mappings: Check = {
  id: 'mappings',
  asks: 'Is every queue read by its function?',
  needs: ['lambda:ListEventSourceMappings'],
  async look(patient) {
    const lambda = new LambdaClient(patient.client);
    const expected = wanted(patient, 'AWS::Lambda::EventSourceMapping');
    const problems = await sideBySide(expected, async (one) => {
      const [FunctionName, EventSourceArn] = [String(one['FunctionName']), String(one['EventSourceArn'])];
      const { EventSourceMappings = [] } = await trying(`list the event source mappings of ${FunctionName}`, () =>
        lambda.send(new ListEventSourceMappingsCommand({ FunctionName, EventSourceArn })),
      );
      return problemsOf(one, EventSourceMappings[0], FunctionName, patient.region);
    });
    return answer(`All ${expected.length} functions read their queues.`, problems.flat());
  },
};

function problemsOf(expected: object, found: EventSourceMappingConfiguration | undefined, name: string, region: string): Problem[] {
  if (!found) return [{ says: `Nothing feeds ${name} from its queue: the event source mapping is gone.`, next: DEPLOY }];
  const { UUID, State = '', LastProcessingResult = '', FunctionResponseTypes } = found;
  const problems: Problem[] = [];
  if (!/^(Enabled|Enabling|Updating|Creating)$/.test(State))
    problems.push({
      says: `The event source mapping of ${name} is ${State}, so its messages wait.`,
      next: `Enable it: \`aws lambda update-event-source-mapping --uuid ${UUID} --enabled --region ${region}\`.`,
    });
  if (/^PROBLEM/.test(LastProcessingResult))
    problems.push({
      says: `Lambda cannot feed ${name}: ${LastProcessingResult}.`,
      next: `Look at what the role of ${name} may do with its queue; the check \`roles\` names what it lacks.`,
    });
  // without it a batch of which one message fails comes back whole
  if (!isSame(Reflect.get(expected, 'FunctionResponseTypes'), FunctionResponseTypes))
    problems.push({ says: `The event source mapping of ${name} does not take reports of single messages.`, next: DEPLOY });
  return problems;
}
