import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findingId } from '#shared/engine/types.ts';
import { type Outcome, type Status, saysOf } from '#shared/finding/finding.ts';
import type { Order } from '#shared/finding/message.ts';
import { outcomeIn } from '#shared/finding/outcome.ts';
import type { FindingRow } from '#shared/ledger/ledger.ts';
import { ARN, deployed, finding, keepingTerminal, NOW, redress } from './world.ts';

const ID = finding().id;
let cloud: ReturnType<typeof deployed>;

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});

afterEach(() => {
  cloud.restore();
  vi.unstubAllEnvs();
});

/** Plays an engine that closes the case. */
const closes =
  (status: Status, found: string, changes = finding().changes, outcome?: Outcome) =>
  (order: Order, { finding: one, ...row }: FindingRow): FindingRow => {
    const answer = { kind: order.kind, id: order.id, by: order.by, sender: null, outcome: outcome ?? outcomeIn(status, order.kind) };
    return { ...row, finding: { ...one, status, found, says: saysOf({ found, now: null }), changes, order: answer } };
  };

/** Plays an engine that answers, and leaves the finding as it is. */
const answers =
  (says: string) =>
  (order: Order, { finding: one, ...row }: FindingRow): FindingRow => ({
    ...row,
    finding: { ...one, order: { kind: order.kind, id: order.id, by: order.by, sender: null, outcome: 'nothing-to-do', says } },
  });

function start(answer?: (order: Order, row: FindingRow) => FindingRow | undefined, row: FindingRow = { finding: finding() }) {
  cloud = deployed(answer ? { answer } : {});
  cloud.put(row);
}

const sent = () => cloud.sqs.commandCalls(SendMessageCommand).map(({ args }) => args[0].input);

describe('what is sent', () => {
  test("an order on the queue of the control's kind, in the caller's name", async () => {
    start(closes('superseded', 'Found: open. Now: vol-2 replaces it.'));
    const said = await redress(['fix', ID]);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toContain('superseded  Found: open. Now: vol-2 replaces it.');
    expect(said.out).toContain('Copy vol-1 to an encrypted volume. (ec2:CopyVolumes)');
    const [message] = sent();
    expect(message?.QueueUrl).toMatch(/\/redress-volumes$/);
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(message?.MessageBody ?? '')).toEqual({
      control: 'volume-encrypted',
      order: { kind: 'fix', id, finding: ID, place: { account: '111122223333', region: 'eu-west-1' }, by: ARN, at: NOW.toISOString() },
    });
  });

  test.each([
    ['fix', 'p-1'],
    ['undo', undefined],
  ])('an order to %s with the plan that the finding shows: %s', async (kind, plan) => {
    start(undefined, { finding: finding({ status: 'awaiting-approval', plan: 'p-1' }) });
    await redress([kind, ID, '--no-wait']);
    expect(JSON.parse(sent()[0]?.MessageBody ?? '').order.plan).toBe(plan);
  });

  test('an exemption with its end and its reason', async () => {
    start(closes('exempt', 'Exempt until 2027-02-28: being migrated'));
    const said = await redress(['exempt', ID, '--until', '2027-02-28', '--reason', 'being\nmigrated\u001b[31m']);
    expect(said).toMatchObject({ code: 0, out: 'exempt  Exempt until 2027-02-28: being migrated' });
    expect(JSON.parse(sent()[0]?.MessageBody ?? '').order).toMatchObject({
      kind: 'exempt',
      until: '2027-02-28',
      reason: 'being migrated [31m',
    });
  });

  test.each([
    ['2027-01-30', 'is in the past'],
    ['2027-02-30', 'neither a date'],
    ['2027-02-28T10:00', 'neither a date'],
    ['tomorrow', 'neither a date'],
  ])('no exemption until %s', async (until, why) => {
    start();
    const said = await redress(['exempt', ID, '--until', until, '--reason', 'x']);
    expect(said.code).toBe(2);
    expect(said.err).toContain(why);
    expect(sent()).toEqual([]);
  });

  test('nothing without a yes, where somebody can be asked', async () => {
    start(closes('superseded', 'x'));
    const terminal = keepingTerminal({ answer: false });
    const said = await redress(['fix', ID], terminal);
    expect(said.code).toBe(1);
    expect(said.err).toContain('What would be sent:\n  - Copy vol-1 to an encrypted volume. (ec2:CopyVolumes)\n  - Tag vol-1');
    expect(said.err).toContain('Nothing was sent to Redress.');
    expect(terminal.questions).toHaveLength(1);
    expect(sent()).toEqual([]);
  });

  test('the order at once with --yes', async () => {
    start(closes('superseded', 'x'));
    const terminal = keepingTerminal({ answer: false });
    expect((await redress(['fix', ID, '--yes'], terminal)).code).toBe(0);
    expect(terminal.questions).toEqual([]);
  });

  test('an undo shows the state that it brings back', async () => {
    start(undefined, { finding: finding({ status: 'fixed' }), before: { encryptionByDefault: false } });
    const said = await redress(['undo', ID], keepingTerminal({ answer: false }));
    expect(said.err).toContain('The previous state: {"encryptionByDefault":false}');
  });

  test.each(['fix', 'undo'])('%s of a finding that the ledger does not hold is nothing to send', async (command) => {
    start();
    const said = await redress([command, 'f-20270131-ffffffffffff']);
    expect(said.code).toBe(1);
    expect(said.err).toContain('holds no finding f-20270131-ffffffffffff');
    expect(sent()).toEqual([]);
  });

  test('a control that is not known here is said, and not sent for', async () => {
    start(undefined, { finding: finding({ control: 'bucket-private' }) });
    const said = await redress(['fix', ID]);
    expect(said.code).toBe(1);
    expect(said.err).toContain('The finding is of bucket-private, which this version of Redress does not have.');
  });
});

describe('what comes of it', () => {
  test('an answer that changes nothing is a refusal, in the words of the engine', async () => {
    start(answers('It no longer applies: the volume is encrypted.'), { finding: finding({ status: 'fixed' }) });
    const said = await redress(['fix', ID]);
    expect(said).toMatchObject({ code: 1 });
    expect(said.out).toContain('not fixed  It no longer applies: the volume is encrypted.');
  });

  test.each<Status>(['failed', 'would-fix', 'awaiting-approval', 'exempt', 'skipped'])(
    'a fix that ends as %s did not happen',
    async (status) => {
      start(closes(status, 'So it is.'));
      const said = await redress(['fix', ID, '--json']);
      expect(said.code).toBe(1);
      const outcome = outcomeIn(status, 'fix');
      expect(JSON.parse(said.out)).toMatchObject({ type: 'order', outcome, says: 'So it is.', finding: { status } });
    },
  );

  test('what no call can fix is not fixed, and the advice is shown', async () => {
    start(closes('open', 'It is attached.', []));
    const said = await redress(['fix', ID]);
    expect(said).toMatchObject({ code: 1, out: 'not fixed  It is attached.\n  - Create volumes encrypted.' });
  });

  test('a fix that waits for its time is told as waiting', async () => {
    start(closes('open', 'To be fixed at 12:15.', [], 'waiting'));
    const said = await redress(['fix', ID, '--timeout', '1']);
    expect(said).toMatchObject({ code: 0, out: 'not fixed yet  To be fixed at 12:15.' });
  });

  test('a fix that has begun is told as under way', async () => {
    start(closes('open', 'Being fixed.', undefined, 'waiting'));
    expect(await redress(['fix', ID, '--timeout', '1'])).toMatchObject({ code: 0, out: 'under way  Being fixed.' });
  });

  test('an answer on a new finding is found, where the case was closed before', async () => {
    start(
      (order, row) => {
        const id = findingId(row.finding, 'volume-encrypted', row.finding.resource, order.id, order.at);
        return { finding: { ...closes('superseded', 'Fixed again.')(order, row).finding, id } };
      },
      { finding: finding({ status: 'undone' }) },
    );
    expect(await redress(['fix', ID])).toMatchObject({ code: 0, out: expect.stringContaining('superseded  Fixed again.') });
  });

  test('no answer in time is not what was asked', async () => {
    start();
    const said = await redress(['fix', ID, '--timeout', '1']);
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toContain('has not answered within 1 s');
  });

  test('with --no-wait the order is sent, and no more', async () => {
    start();
    const said = await redress(['fix', ID, '--no-wait']);
    expect(said).toMatchObject({ code: 0, out: '' });
    expect(said.err).toContain('The order is on the queue.');
  });
});
