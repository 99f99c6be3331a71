import { EventBridgeClient, ListRuleNamesByTargetCommand } from '@aws-sdk/client-eventbridge';
import { listAt, stringAt } from '#shared/control/record.ts';
import { trying } from '../../failure.ts';
import { answer, type Check, DEPLOY, wanted } from '../check.ts';
import { sideBySide } from '../side-by-side.ts';
import { busOf } from './rules.ts';

/** Whether every rule sends to the queue that it should. */
export const targets: Check = {
  id: 'targets',
  asks: 'Does every rule send to its queue?',
  needs: ['events:ListRuleNamesByTarget'],
  async look(patient) {
    const events = new EventBridgeClient(patient.client);
    const expected = wanted(patient, 'AWS::Events::Rule').map((one) => ({
      name: String(one['Name']),
      bus: busOf(one['EventBusName']),
      queue: stringAt(listAt(one, 'Targets')[0], 'Arn') ?? '',
    }));
    const groups = [...Map.groupBy(expected, ({ bus, queue }) => `${bus} ${queue}`).values()];
    const missing = await sideBySide(groups, async (group) => {
      const [{ bus, queue } = { bus: '', queue: '' }] = group;
      const found = await trying(`ask which rules send to ${queue}`, () => namesOf(events, bus, queue));
      return group.filter(({ name }) => !found.has(name));
    });
    const problems = missing.flat().map(({ name, queue }) => ({ says: `The rule ${name} does not send to ${queue}.`, next: DEPLOY }));
    return answer('Every rule sends to its queue.', problems);
  },
};

async function namesOf(events: EventBridgeClient, bus: string, queue: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let NextToken: string | undefined;
  do {
    const page = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: queue, EventBusName: bus, NextToken }));
    for (const name of page.RuleNames ?? []) names.add(name);
    NextToken = page.NextToken;
  } while (NextToken);
  return names;
}
