import { ago } from '../../times.ts';
import { answer, type Check, other, wanted } from '../check.ts';
import { DAYS, lastSent } from './activity.ts';
import { busOf } from './rules.ts';

/** Whether calls reach the rules: when each last matched. */
export const matches: Check = {
  id: 'matches',
  asks: `Which rules matched a call in the last ${DAYS} days?`,
  needs: ['cloudwatch:GetMetricData'],
  async look(patient) {
    const { now } = patient;
    const names = wanted(patient, 'AWS::Events::Rule')
      .filter(({ ScheduleExpression, EventBusName }) => ScheduleExpression === undefined && busOf(EventBusName) === 'default')
      .map(({ Name }) => String(Name))
      .filter((name) => !name.endsWith('-deployed'));
    const last = await lastSent(names, patient);
    const details = names.map((name) => `${name}: ${agoOf(last.get(name), now)}`);
    const [latest] = [...last].sort(([, a], [, b]) => b.getTime() - a.getTime());
    if (latest) return answer(`${last.size} of ${names.length} rules matched in the last ${DAYS} days, ${latest[0]} last.`, [], details);
    return other(
      'note',
      `No rule matched a call in the last ${DAYS} days: nobody made one, or none reaches EventBridge.`,
      '`redress doctor --canary` makes one, and follows it.',
      details,
    );
  },
};

function agoOf(time: Date | undefined, now: Date): string {
  return time === undefined ? 'no match' : `${ago(time.toISOString(), now)} ago`;
}
