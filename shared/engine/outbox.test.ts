import { describe, expect, test } from 'vitest';
import type { AwsCommand } from '#shared/control/control.ts';
import { at } from '#shared/control/record.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { aFinding } from '../../test/support/alerts/findings.ts';
import { awsError } from '../../test/support/harness.ts';
import { announce, enqueue, NotTaken } from './outbox.ts';

type Entry = { readonly Id?: string; readonly MessageBody?: string; readonly Detail?: string };
const queue = 'https://sqs.eu-west-1.amazonaws.com/111122223333/redress-volumes';

/** An AWS that answers each batch of entries as a test says. */
function aws(answer: (entries: readonly Entry[]) => unknown) {
  const batches: (readonly Entry[])[] = [];
  const send = async (command: AwsCommand) => {
    const entries = at(command.input, 'Entries') as Entry[];
    batches.push(entries);
    return answer(entries);
  };
  return { batches, send, sizes: () => batches.map(({ length }) => length) };
}

const sizeOf = (entries: readonly Entry[]) =>
  entries.reduce((sum, { MessageBody = '', Detail = '' }) => sum + (MessageBody + Detail).length, 0);

describe('messages to the queue', () => {
  const message = (bytes = 0, name = 'm') => ({ body: { control: name, waits: {}, look: 'x'.repeat(bytes) }, delaySeconds: 7 });
  const put = (messages: readonly ReturnType<typeof message>[], { send }: ReturnType<typeof aws>) => enqueue(messages, queue, send);
  const taken = () => aws(() => ({ Successful: [] }));

  test('go ten at a time, each with its delay', async () => {
    const to = taken();
    await put(
      Array.from({ length: 21 }, (_, n) => message(0, `m-${n}`)),
      to,
    );
    expect(to.sizes()).toEqual([10, 10, 1]);
    expect(to.batches.flat().map(({ MessageBody = '' }) => JSON.parse(MessageBody).control)).toEqual(
      Array.from({ length: 21 }, (_, n) => `m-${n}`),
    );
    expect(to.batches[0]?.[9]).toEqual({ Id: '9', MessageBody: JSON.stringify(message(0, 'm-9').body), DelaySeconds: 7 });
  });

  test('go in batches of less than 256 KB', async () => {
    const to = taken();
    await put(
      Array.from({ length: 4 }, () => message(100_000)),
      to,
    );
    expect(to.sizes()).toEqual([2, 2]);
    expect(Math.max(...to.batches.map(sizeOf))).toBeLessThan(256 * 1024);
  });

  test('go in groups where they are grouped, those of none without one', async () => {
    const to = taken();
    await enqueue([message(0, 'a'), message(0, 'b')], queue, to.send, (body) =>
      'control' in body && body.control === 'a' ? '444455556666' : undefined,
    );
    expect(to.batches[0]).toEqual([
      expect.objectContaining({ Id: '0', MessageGroupId: '444455556666' }),
      expect.not.objectContaining({ MessageGroupId: expect.anything() }),
    ]);
  });

  test('one that is too large keeps no other back, wherever it stands', async () => {
    const to = aws((entries) => {
      if (sizeOf(entries) > 300_000) throw awsError('BatchRequestTooLong');
      return {};
    });
    const sent = put([message(), message(400_000), message()], to);
    await expect(sent).rejects.toThrow(new NotTaken([true, awsError('BatchRequestTooLong'), true]));
    await expect(sent).rejects.toMatchObject({ positions: new Set([1]), message: 'SQS did not take 1 of 3 messages: BatchRequestTooLong' });
    expect(to.sizes()).toEqual([1, 1, 1]);
  });

  test('a refused batch is halved until the culprit stands alone', async () => {
    const to = aws((entries) => {
      if (entries.some(({ MessageBody = '' }) => MessageBody.includes('m-2'))) throw awsError('InvalidMessageContents');
      return {};
    });
    const sent = put(
      ['m-0', 'm-1', 'm-2', 'm-3'].map((name) => message(0, name)),
      to,
    );
    await expect(sent).rejects.toMatchObject({ positions: new Set([2]) });
    expect(to.sizes()).toEqual([4, 2, 2, 1, 1]);
  });

  test('one that fails within a batch is told from the others', async () => {
    const to = aws(() => ({ Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }] }));
    await expect(put([message(), message(), message()], to)).rejects.toMatchObject({
      positions: new Set([1]),
      cause: { code: 'InternalError' },
    });
    await expect(
      put(
        [message()],
        aws(() => ({ Failed: [] })),
      ),
    ).resolves.toBeUndefined();
  });

  test('a queue that is throttled now takes the other batches all the same', async () => {
    let calls = 0;
    const to = aws(() => {
      calls += 1;
      if (calls === 1) throw awsError('ThrottlingException');
      return {};
    });
    const sent = put(
      Array.from({ length: 11 }, () => message()),
      to,
    );
    await expect(sent).rejects.toMatchObject({ positions: new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) });
    expect(to.sizes()).toEqual([10, 1]);
  });
});

describe('findings to the bus', () => {
  const taken = (entries: readonly Entry[]) => ({ Entries: entries.map((_, n) => ({ EventId: `e-${n}` })) });
  const finding = (bytes: number): Finding => aFinding({ found: 'x'.repeat(bytes) });
  const tell = (findings: readonly Finding[], { send }: ReturnType<typeof aws>) => announce(findings, 'redress', send);

  test('go ten at a time', async () => {
    const to = aws(taken);
    const answers = await tell(
      Array.from({ length: 12 }, () => finding(1)),
      to,
    );
    expect([to.sizes(), answers]).toEqual([[10, 2], Array(12).fill(true)]);
    expect(to.batches[0]?.[0]).toEqual({
      EventBusName: 'redress',
      Source: 'redress',
      DetailType: 'Redress Finding',
      Resources: [finding(1).resource.arn],
      Detail: JSON.stringify(finding(1)),
    });
  });

  test('go in batches of less than 256 KB', async () => {
    const to = aws(taken);
    await tell(
      Array.from({ length: 3 }, () => finding(55_000)),
      to,
    );
    expect(to.sizes()).toEqual([2, 1]);
  });

  test('one that is refused with its whole batch stands alone in the end', async () => {
    const to = aws((entries) => {
      if (sizeOf(entries) > 256 * 1024)
        throw awsError('ValidationException', 'Total size of the entries in the request is over the limit.');
      return taken(entries);
    });
    const answers = await tell([finding(1), finding(300_000), finding(1)], to);
    expect(answers).toEqual([true, expect.objectContaining({ name: 'ValidationException' }), true]);
  });

  test('one that fails within a batch has its own code', async () => {
    const to = aws(() => ({ Entries: [{ EventId: 'e' }, { ErrorCode: 'ThrottlingException' }, {}] }));
    expect(await tell([finding(1), finding(1), finding(1)], to)).toEqual([
      true,
      Object.assign(new Error('the bus did not take a finding'), { code: 'ThrottlingException' }),
      Object.assign(new Error('the bus did not take a finding'), { code: 'UnknownError' }),
    ]);
  });

  test('a batch that is throttled takes no other with it', async () => {
    const to = aws((entries) => {
      if (entries.length === 10) throw awsError('ThrottlingException');
      return taken(entries);
    });
    const answers = await tell(
      Array.from({ length: 11 }, () => finding(1)),
      to,
    );
    expect(answers.map((answer) => answer === true)).toEqual([...Array(10).fill(false), true]);
    expect(answers[0]).toMatchObject({ name: 'ThrottlingException' });
  });
});
