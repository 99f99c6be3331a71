import { EventBridgeClient, ListRulesCommand, type Rule } from '@aws-sdk/client-eventbridge';
import { trying } from '../../failure.ts';
import { answer, type Check, DEPLOY, type Problem, wanted } from '../check.ts';
import { isSame, parsed } from '../same.ts';

/** The bus on which rules are that name none. */
export const DEFAULT_BUS = 'default';

/** Whether every rule is there, is enabled, and matches what this version's would. */
export const rules: Check = {
  id: 'rules',
  asks: "Is every rule there, enabled, and with this version's pattern or schedule?",
  needs: ['events:ListRules'],
  async look(patient) {
    const events = new EventBridgeClient(patient.client);
    const expected = wanted(patient, 'AWS::Events::Rule').map((one) => ({
      ...one,
      Name: String(one['Name']),
      bus: busOf(one['EventBusName']),
    }));
    const found = new Map<string, Rule>();
    for (const bus of new Set(expected.map((one) => one.bus)))
      for (const rule of await trying(`list the rules of the bus ${bus}`, () => listed(events, bus)))
        found.set(`${bus} ${rule.Name}`, rule);
    const problems = expected.flatMap((one) => problemsOf(one, found.get(`${one.bus} ${one.Name}`), patient.region));
    return answer(`All ${expected.length} rules are enabled, and as this version makes them.`, problems);
  },
};

/** The name of a bus, by its name or ARN. */
export function busOf(bus: unknown): string {
  return typeof bus === 'string' ? bus.replace(/^.*event-bus\//, '') : DEFAULT_BUS;
}

/** The rules of a bus whose names are of Redress. */
export async function listed(events: EventBridgeClient, bus: string): Promise<Rule[]> {
  const all: Rule[] = [];
  let NextToken: string | undefined;
  do {
    const page = await events.send(new ListRulesCommand({ NamePrefix: 'redress-', EventBusName: bus, NextToken }));
    all.push(...(page.Rules ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}

function problemsOf(
  expected: { readonly [name: string]: unknown; readonly bus: string },
  found: Rule | undefined,
  region: string,
): Problem[] {
  const { Name, EventPattern, ScheduleExpression, bus } = expected;
  if (!found) return [{ says: `There is no rule ${Name}.`, next: DEPLOY }];
  const problems: Problem[] = [];
  if (!found.State?.startsWith('ENABLED'))
    problems.push({
      says: `The rule ${Name} is disabled.`,
      next: `Enable it: \`aws events enable-rule --name ${Name}${bus === DEFAULT_BUS ? '' : ` --event-bus-name ${bus}`} --region ${region}\`. CloudTrail's record of DisableRule says who disabled it.`,
    });
  if (!isSame(EventPattern, parsed(found.EventPattern)))
    problems.push({ says: `The rule ${Name} has not this version's pattern.`, next: DEPLOY });
  if (!isSame(ScheduleExpression, found.ScheduleExpression))
    problems.push({ says: `The rule ${Name} runs ${found.ScheduleExpression}, not ${ScheduleExpression}.`, next: DEPLOY });
  return problems;
}
