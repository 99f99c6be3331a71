import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { resolveControl } from '#shared/finding/config.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { controlsOf } from '../../infra/catalog.ts';
import { Failure, trying } from '../failure.ts';
import { type Answer, answer, type Check, other, type Patient } from './check.ts';

/** The control that finds it: a parameter without an owner's tag has a finding in every mode but `off`, and harms nobody. */
const CONTROL = 'parameter-owner-tag';
/** What the names of canaries begin with, for permissions. */
export const CANARY = 'redress-canary-';
/** How often it is looked for, in milliseconds. */
const EVERY_MS = 1000;

/** How a canary is followed. */
export interface Following {
  /** How long its finding is waited for, in seconds. */
  readonly seconds: number;
  readonly progress: (text?: string) => void;
  /** Ends the waiting early; the parameter is removed all the same. */
  readonly signal?: AbortSignal;
}

/** Makes a harmless parameter, waits until its finding is in the ledger, and removes it. */
export function canary({ seconds, progress, signal }: Following): Check {
  return {
    id: 'canary',
    asks: 'Does a call that Redress should see become a finding?',
    needs: ['ssm:PutParameter', 'ssm:DeleteParameter', 'dynamodb:Query'],
    async look(patient) {
      const control = controlsOf(patient.functions).find(({ id }) => id === CONTROL);
      if (!control || resolveControl(patient.config, control, patient.account, patient.region).mode === 'off')
        return other('unknown', `The canary needs the control ${CONTROL}, which is off here.`, `Set ${CONTROL} to observe, and deploy.`);
      const ssm = new SSMClient(patient.client);
      const Name = `${CANARY}${randomBytes(6).toString('hex')}`;
      const started = performance.now();
      await trying(`make the parameter ${Name}`, () =>
        ssm.send(
          new PutParameterCommand({
            Name,
            Value: 'nothing',
            Type: 'String',
            Description: 'Made by `redress doctor --canary` to see whether Redress finds it; it is removed at once.',
          }),
        ),
      );
      let found: Answer;
      try {
        const finding = await waitFor(Name, patient, started, { seconds, progress, ...(signal && { signal }) });
        found = answerOf(Name, finding, (performance.now() - started) / 1000, seconds);
      } catch (error) {
        await remove(ssm, Name);
        throw error;
      }
      const left = await remove(ssm, Name);
      return left ? { ...found, is: 'wrong', problems: [...found.problems, left] } : found;
    },
  };
}

async function waitFor(
  name: string,
  { deployment: { ledger } }: Patient,
  started: number,
  following: Following,
): Promise<Finding | undefined> {
  const { seconds, progress, signal } = following;
  // a finding is kept under the day of its call, which midnight may end
  const day = dayNow();
  for (;;) {
    const passed = (performance.now() - started) / 1000;
    if (passed >= seconds || signal?.aborted) return undefined;
    progress(`Waiting for the finding of ${name} … ${Math.round(passed)} s`);
    const rows = await trying('look into the ledger', () =>
      Promise.all([...new Set([day, dayNow()])].map((one) => ledger.findingsOf(one))),
    );
    const found = rows.flat().find(({ finding }) => finding.resource.id === name);
    if (found) return found.finding;
    await sleep(EVERY_MS, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }
}

function answerOf(name: string, finding: Finding | undefined, passed: number, seconds: number): Answer {
  if (!finding)
    return answer('', [
      {
        says: `The parameter ${name} was made, and has no finding after ${Math.round(Math.min(passed, seconds))} s.`,
        next: 'The first check above that is not ok says where it stopped. If all are, a trail in another Region may be late: try again with --timeout 300.',
      },
    ]);
  const legs = legsOf(finding, passed);
  return answer(`A parameter became a finding (${finding.status}) in ${passed.toFixed(1)} s.`, [], legs);
}

/** The seconds of each leg; CloudTrail tells the time of a call to the second. */
function legsOf({ timings: { eventTime, receivedAt, decidedAt, doneAt } }: Finding, passed: number): string[] {
  const between = (from: string, to: string) => `${Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000).toFixed(1)} s`;
  return [
    `From the call to the function, through CloudTrail, EventBridge and SQS: ${between(eventTime, receivedAt)}`,
    ...(decidedAt ? [`From there to the decision: ${between(receivedAt, decidedAt)}`] : []),
    ...(decidedAt && doneAt ? [`From there to the end of the fix: ${between(decidedAt, doneAt)}`] : []),
    `From the call to its finding in the ledger, as seen from here: ${passed.toFixed(1)} s`,
  ];
}

function dayNow(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Removes the parameter; what is wrong where that does not work. */
async function remove(ssm: SSMClient, Name: string) {
  try {
    await trying(`remove the parameter ${Name}`, () => ssm.send(new DeleteParameterCommand({ Name })));
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { says: error.message, next: `Remove it: \`aws ssm delete-parameter --name ${Name}\`.` };
  }
}
