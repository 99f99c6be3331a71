import { expect, test } from 'vitest';
import { callKind } from './call.ts';

const kind = callKind({ noun: 'call', plural: 'calls', eventSource: 'kms.amazonaws.com', eventNames: ['DisableKey'] });
const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws' } as const;

test.each([
  ['a caller on a day', 'arn:aws:iam::111122223333:user/dana on 2026-11-21', 'arn:aws:iam::111122223333:user/dana'],
  ['a caller whose name holds the word', 'arn:aws:iam::111122223333:user/a on b on 2026-11-21', 'arn:aws:iam::111122223333:user/a on b'],
  ['a caller without a day', 'arn:aws:iam::111122223333:user/dana', 'arn:aws:iam::111122223333:user/dana'],
  ['a caller that is no ARN', 'AWS Internal on 2026-11-21', 'arn:aws:iam::111122223333:root'],
])('the ARN of %s is that of who called', (_name, id, arn) => expect(kind.arnOf(id, place)).toBe(arn));
