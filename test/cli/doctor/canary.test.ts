import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canary, type Following } from '../../../cli/doctor/canary.ts';
import type { Patient } from '../../../cli/doctor/check.ts';
import { looked } from '../../../cli/doctor/doctor.ts';
import { discoverFunctions } from '../../../infra/catalog.ts';
import { finding } from '../world.ts';
import { type Cloud, sound } from './sound.ts';
import { answerFor, patientNow } from './world.ts';

const functions = await discoverFunctions();
const mapping = { logicalId: 'Mapping', type: 'AWS::Lambda::EventSourceMapping', properties: { FunctionName: 'redress-parameters' } };
const made = { functions, config: {}, resources: [mapping] };
const denied = Object.assign(new Error('not authorized'), { name: 'AccessDenied' });

let cloud: Cloud;
let mocks: ReturnType<typeof answerFor>;

beforeEach(() => {
  cloud = sound(made);
  mocks = answerFor(cloud);
});
afterEach(() => mocks.restore());

/** The finding of a canary that was fixed four seconds after the call. */
function fixed(name: string) {
  return finding({
    control: 'parameter-owner-tag',
    status: 'fixed',
    resource: { type: 'AWS::SSM::Parameter', id: name, arn: name },
    timings: {
      eventTime: '2027-01-31T11:50:00.000Z',
      receivedAt: '2027-01-31T11:50:02.500Z',
      decidedAt: '2027-01-31T11:50:03.000Z',
      doneAt: '2027-01-31T11:50:04.000Z',
    },
  });
}

async function fly(following: Partial<Following> = {}, changes: Partial<Patient> = {}) {
  return await looked(canary({ seconds: 5, progress: () => undefined, ...following }), { ...(await patientNow(made)), ...changes });
}

const removed = () => mocks.ssm.commandCalls(DeleteParameterCommand).map(({ args }) => args[0].input.Name);
const madeNames = () => mocks.ssm.commandCalls(PutParameterCommand).map(({ args }) => args[0].input.Name);

test('a canary is made, found and removed, and each leg has its seconds', async () => {
  cloud.finding = fixed;
  const answer = await fly();
  expect(answer).toMatchObject({ is: 'ok', says: expect.stringMatching(/^A parameter became a finding \(fixed\) in \d\.\d s\.$/) });
  expect(answer.details).toEqual([
    'From the call to the function, through CloudTrail, EventBridge and SQS: 2.5 s',
    'From there to the decision: 0.5 s',
    'From there to the end of the fix: 1.0 s',
    expect.stringMatching(/^From the call to its finding in the ledger, as seen from here: \d\.\d s$/),
  ]);
  expect(madeNames()).toEqual([expect.stringMatching(/^redress-canary-[0-9a-f]{12}$/)]);
  expect(removed()).toEqual(madeNames());
});

test('one that nobody finds is removed too, and is wrong', async () => {
  expect(await fly({ seconds: 0 })).toMatchObject({
    is: 'wrong',
    problems: [{ says: expect.stringMatching(/has no finding after 0 s/), next: expect.stringMatching(/first check/) }],
  });
  expect(removed()).toEqual(madeNames());
});

test('who interrupts the waiting leaves nothing behind', async () => {
  const stop = new AbortController();
  expect(await fly({ seconds: 60, signal: stop.signal, progress: () => stop.abort() })).toMatchObject({ is: 'wrong' });
  expect(removed()).toEqual(madeNames());
});

test('where the ledger cannot be read it is removed, and the check is not known', async () => {
  cloud.finding = () => {
    throw denied;
  };
  expect(await fly()).toMatchObject({
    is: 'unknown',
    says: expect.stringMatching(/^Could not look into the ledger: AWS does not allow it/),
  });
  expect(removed()).toEqual(madeNames());
});

test('one that cannot be removed is named', async () => {
  cloud.finding = fixed;
  mocks.ssm.on(DeleteParameterCommand).rejects(denied);
  expect(await fly()).toMatchObject({
    is: 'wrong',
    problems: [
      {
        says: expect.stringMatching(/^Could not remove the parameter redress-canary-/),
        next: expect.stringMatching(/aws ssm delete-parameter --name redress-canary-/),
      },
    ],
  });
});

test('one that cannot be made is not known', async () => {
  mocks.ssm.on(PutParameterCommand).rejects(denied);
  expect(await fly()).toMatchObject({ is: 'unknown', says: expect.stringMatching(/^Could not make the parameter/) });
  expect(removed()).toEqual([]);
});

test('where its control is off none is made', async () => {
  const config = { controls: { 'parameter-owner-tag': { mode: 'off' as const } } };
  expect(await fly({}, { config })).toMatchObject({ is: 'unknown', says: expect.stringMatching(/parameter-owner-tag, which is off/) });
  expect(madeNames()).toEqual([]);
});
