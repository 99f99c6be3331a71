import { expect, test } from 'vitest';
import { bytesOf } from '#shared/aws/batches.ts';
import { parseMessage } from '#shared/finding/message.ts';
import { createVolume, messageFor, orderFor, scheduled } from '../../test/fixtures/events.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { copyFor } from './copies.ts';

const targets = [{ type: 'AWS::EC2::Volume', id: 'vol-1', hint: { via: 'AWS CLI' } }];
const large = 'x'.repeat(150_000);
const messageOf = (fields: object) =>
  parseMessage(JSON.stringify(messageFor('volume-encrypted', createVolume('vol-1', { ...fields })))).message;
const sizeOf = (value: object) => bytesOf(JSON.stringify(value));

test('a copy names what it is about, and keeps all else while it is small enough, but for what was said to AWS', () => {
  const message = messageOf({ additionalEventData: { text: large }, requestParameters: { description: token }, responseElements: null });
  const detail = { ...Object(message.event?.detail), requestParameters: { omitted: true } };
  expect(copyFor(message, targets)).toEqual({ ...message, targets, event: { ...message.event, detail } });
});

test('of a copy that is too large stays what says who did what and when', () => {
  const record = {
    eventID: 'e-1',
    requestParameters: { clientToken: large },
    responseElements: { volumeId: large },
    additionalEventData: ['x'.repeat(4000)],
    tlsDetails: ['x'.repeat(3000)],
  };
  const message = messageOf(record);
  const copy = copyFor(message, targets);
  expect(sizeOf(copy)).toBeLessThan(200_000);
  expect(copy.event?.detail).toEqual({
    ...Object(message.event?.detail),
    requestParameters: { omitted: true },
    responseElements: { omitted: true },
    additionalEventData: { omitted: true },
  });
  expect(copy.targets).toEqual(targets);
  // and it is a message as before
  expect(parseMessage(JSON.stringify(copy)).occasion).toMatchObject({ is: 'call', record: { eventID: 'e-1' } });
  // the one that came is left as it was
  expect(sizeOf(message)).toBeGreaterThan(300_000);
});

test('the caller stays whole, and so do texts', () => {
  const userIdentity = { type: 'AssumedRole', arn: `arn:aws:iam::111122223333:user/${'x'.repeat(5000)}` };
  const copy = copyFor(messageOf({ userIdentity, userAgent: 'y'.repeat(5000), requestParameters: { text: large, more: large } }), targets);
  expect(copy.event?.detail).toMatchObject({ userIdentity, userAgent: 'y'.repeat(5000), requestParameters: { omitted: true } });
});

test.each([
  ['a sweep', messageFor('volume-encrypted', scheduled())],
  ['an order', orderFor('volume-encrypted', 'fix', 'f-1')],
])('%s is copied as it is, for it is never large', (_name, body) => {
  const { message } = parseMessage(JSON.stringify(body));
  expect(copyFor(message, targets)).toEqual({ ...message, targets });
});
