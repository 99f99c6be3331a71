import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import { classify } from '#shared/aws/errors.ts';
import { listAt } from '#shared/control/record.ts';
import { trying } from '../../failure.ts';
import { answer, type Check, DEPLOY, type Patient, type Problem, wanted } from '../check.ts';
import { aboutStatement, isSame, parsed, statementsApart } from '../same.ts';
import { sideBySide } from '../side-by-side.ts';

type Attributes = Partial<Record<QueueAttributeName, string>>;

/** Whether every queue is there, lets its rules in, and gives up on messages as it should. */
export const queues: Check = {
  id: 'queues',
  asks: 'Is every queue there, open to its rules, and with its dead-letter queue?',
  needs: ['sqs:GetQueueAttributes'],
  async look(patient) {
    const policies = wanted(patient, 'AWS::SQS::QueuePolicy');
    const expected = wanted(patient, 'AWS::SQS::Queue').map(({ QueueName, RedrivePolicy }) => ({
      name: String(QueueName),
      redrive: RedrivePolicy,
      policy: policies.find((one) => listAt(one, 'Queues').some((url) => String(url).endsWith(`/${QueueName}`)))?.['PolicyDocument'],
    }));
    const looked = await sideBySide(expected, async (queue) => ({ ...queue, found: await attributesOf(patient, queue.name) }));
    return answer(
      `All ${expected.length} queues are there, and let their rules in.`,
      looked.flatMap(({ name, policy, redrive, found }) => problemsOf(name, policy, redrive, found)),
      looked.map(({ name, found }) => `${name}: ${found?.ApproximateNumberOfMessages ?? 'no'} messages wait`),
    );
  },
};

async function attributesOf({ deployment: { sqs, outputs } }: Patient, name: string): Promise<Attributes | undefined> {
  // the address of any queue of the stack with this one's name: the host may be that of a local cloud
  const QueueUrl = (outputs.get('DeadLetterQueueUrl') ?? '').replace(/[^/]*$/, name);
  return await trying(`ask how the queue ${name} is`, async () => {
    try {
      return (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};
    } catch (error) {
      if (classify(error) === 'missing') return undefined;
      throw error;
    }
  });
}

function problemsOf(name: string, policy: unknown, redrive: unknown, found: Attributes | undefined): Problem[] {
  if (!found) return [{ says: `There is no queue ${name}.`, next: DEPLOY }];
  const { missing, added } = statementsApart(policy, parsed(found.Policy));
  const says = [
    ...missing.map((one) => `The policy of the queue ${name} lacks the statement that ${aboutStatement(one)}.`),
    ...added.map((one) => `The policy of the queue ${name} has a statement of somebody else's, which ${aboutStatement(one)}.`),
    ...(redrive === undefined || isSame(redrive, parsed(found.RedrivePolicy))
      ? []
      : [`The queue ${name} does not give up on messages as this version's does.`]),
  ];
  return says.map((one) => ({ says: one, next: DEPLOY }));
}
