import { ago } from '../../times.ts';
import { answer, type Check, type Problem, wanted } from '../check.ts';
import { lastSent } from './activity.ts';

const units: { readonly [unit: string]: number } = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Whether the sweeps run: when the last one of each function and period was. */
export const sweeps: Check = {
  id: 'sweeps',
  asks: 'Did every sweep run when it was due?',
  needs: ['cloudwatch:GetMetricData'],
  async look(patient) {
    const { now, deployment } = patient;
    const expected = wanted(patient, 'AWS::Events::Rule').flatMap(({ Name, ScheduleExpression }) => {
      const [, every] = /^rate\((.+)\)$/.exec(String(ScheduleExpression)) ?? [];
      return every === undefined ? [] : [{ name: String(Name), every, span: spanOf(every) }];
    });
    const last = await lastSent(
      expected.map(({ name }) => name),
      patient,
    );
    const problems = expected.flatMap(({ name, every, span }): Problem[] => {
      // CloudWatch tells the hour, and a rule begins to count when it is made
      const due = Math.max(last.get(name)?.getTime() ?? 0, deployment.state.since.getTime()) + 2 * span + 3_600_000;
      if (due > now.getTime()) return [];
      const time = last.get(name);
      return [
        {
          says: `${name} should run every ${every.replace(/^1 /, '')}, and CloudWatch ${time ? `counted its last run ${ago(time.toISOString(), now)} ago` : 'has counted no run'}.`,
          next: 'Look at what the check `rules` says of it; if that is right, its schedule runs, and its queue does not let it in: the check `queues`.',
        },
      ];
    });
    const latest = [...last.values()].sort((a, b) => b.getTime() - a.getTime())[0];
    return answer(
      latest ? `Sweeps run; the last was ${ago(latest.toISOString(), now)} ago.` : 'No sweep is due yet.',
      problems,
      expected.map(({ name }) => `${name}: ${last.get(name)?.toISOString() ?? 'not yet'}`),
    );
  },
};

function spanOf(every: string): number {
  const [, count = '', unit = ''] = /^(\d+) (\w+?)s?$/.exec(every) ?? [];
  return Number(count) * (units[unit] ?? Number.NaN);
}
