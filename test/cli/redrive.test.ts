import { expect, test } from 'vitest';
import { asMessage } from '../../cli/redrive.ts';
import { createVolume, messageFor } from '../fixtures/events.ts';

const rule = (name: string) => `arn:aws:events:eu-west-1:111122223333:rule/${name}`;
const event = createVolume('vol-1');

test.each([
  ['the message of a rule', messageFor('volume-encrypted', event), rule('redress-volume-encrypted'), messageFor('volume-encrypted', event)],
  ['a bare event of a rule', event, rule('redress-volume-encrypted'), messageFor('volume-encrypted', event)],
  ['a bare event of a sweep', event, rule('redress-volume-encrypted-sweep'), messageFor('volume-encrypted', event)],
  ['a bare event of a deployment', event, rule('redress-ebs-default-encryption-deployed'), messageFor('ebs-default-encryption', event)],
  ['a bare event of a wake', event, rule('redress-volumes-wake'), { wake: true, event }],
  ['a bare event of the alerts rule, whose queue takes it as it is', event, rule('redress/redress-alerts'), event],
  ['a dead letter that no rule put there', event, undefined, event],
])('%s goes back in the form that its queue takes', (_name, body, ruleArn, expected) => {
  expect(JSON.parse(asMessage(JSON.stringify(body), ruleArn))).toEqual(expected);
});

test('a dead letter that is not JSON goes back untouched', () => {
  expect(asMessage('not JSON', rule('redress-volume-encrypted'))).toBe('not JSON');
});
