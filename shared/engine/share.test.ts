import { describe, expect, test } from 'vitest';
import { callJob, orderJob, runOf } from '../../test/support/runs.ts';
import { dana, erin, finding } from '../../test/support/states.ts';
import { askerOf } from './share.ts';
import type { Job } from './types.ts';

/** A message about a call by a principal, or by a name alone. */
function callBy(arn: string | undefined): Job {
  const job = callJob();
  if (job.occasion.is !== 'call') throw new Error('not a call');
  const userIdentity = { type: 'AssumedRole', ...(arn && { arn }) };
  return { ...job, occasion: { ...job.occasion, record: { ...job.occasion.record, userIdentity } } };
}
const sweep: Job = { ...callJob(), occasion: { is: 'sweep', event: callJob().message.event ?? expect.fail('no event') } };
const keyOf = (...jobs: Job[]) => askerOf(runOf({ jobs })).key;
const session = (role: string, name: string) => callBy(`arn:aws:sts::111122223333:assumed-role/${role}/${name}`);

describe('whose share a fix uses', () => {
  test('is that of the principal who made the call', () => {
    expect(keyOf(callBy('arn:aws:iam::111122223333:user/a'))).toMatch(/^[0-9a-f]{12}$/);
    expect(keyOf(callBy('arn:aws:iam::111122223333:user/a'))).toBe(keyOf(callBy('arn:aws:iam::111122223333:user/a')));
    expect(keyOf(callBy('arn:aws:iam::111122223333:user/a'))).not.toBe(keyOf(callBy('arn:aws:iam::111122223333:user/b')));
  });

  test('is that of a role, whatever its sessions are called', () => {
    expect(keyOf(session('deploy', 'one'))).toBe(keyOf(session('deploy', 'two')));
    expect(keyOf(session('deploy', 'one'))).not.toBe(keyOf(session('build', 'one')));
  });

  test('is that of the person where Identity Center names the session', () => {
    expect(keyOf(session('AWSReservedSSO_Admin_1', 'dana'))).not.toBe(keyOf(session('AWSReservedSSO_Admin_1', 'erin')));
  });

  test('is that of whoever gave the order, as SQS saw them', () => {
    const run = runOf({ jobs: [callJob(), orderJob('fix')] });
    expect(askerOf(run)).toEqual({ ...askerOf({ ...run, jobs: [] }), name: 'dana' });
    expect(askerOf(run).key).not.toBe(askerOf({ ...run, sender: 'AIDAOTHER' }).key);
    const { sender: _, ...unsent } = run;
    expect(askerOf(unsent).key).not.toBe(askerOf(run).key);
  });

  test('is, at a sweep, that of whoever opened the finding, or else of the sweep', () => {
    const known = runOf({ jobs: [sweep], state: { finding: { ...finding, actor: erin } } });
    expect(askerOf(known)).toEqual(askerOf({ ...known, jobs: [] }));
    expect(askerOf(known).name).toBe('erin');
    expect(askerOf(runOf({ jobs: [sweep] })).name).toBe('Redress');
    const other = runOf({ jobs: [sweep], state: { finding: { ...finding, actor: dana } } });
    expect(askerOf(other).key).not.toBe(askerOf(known).key);
  });

  test('is that of the newest call rather than of whoever opened the finding', () => {
    const run = runOf({ jobs: [sweep, callBy('arn:aws:iam::111122223333:user/a')], state: { finding } });
    expect(askerOf(run)).toEqual(askerOf(runOf({ jobs: [callBy('arn:aws:iam::111122223333:user/a')] })));
  });

  test('is that of an unknown caller where nothing is known', () => {
    expect(askerOf(runOf({ jobs: [] }))).toMatchObject({ name: 'an unknown caller' });
    expect(askerOf(runOf({ jobs: [] })).key).not.toBe(keyOf(sweep));
  });
});
