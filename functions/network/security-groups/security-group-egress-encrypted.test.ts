import { scheduled } from '../../../test/fixtures/events.ts';
import { authorized, created } from '../../../test/support/security-groups/events.ts';
import { group, groupsWorld, rule } from '../../../test/support/security-groups/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './security-group-egress-encrypted.ts';

const out = (text: string) => rule('sgr-1', text, { IsEgress: true });
const world =
  (text: string, lists = {}) =>
  () =>
    groupsWorld({ groups: [group()], rules: [out(text), rule('sgr-in', '-1 -1 0.0.0.0/0')], lists });
const settings = { ports: ['443', '443/udp', '587'] };
const valid = (text: string) => ({
  name: text,
  world: world(text),
  event: authorized([out(text)], {}, 'AuthorizeSecurityGroupEgress'),
  settings,
});
const invalid = (text: string, says: RegExp, more: object = {}) => ({
  ...valid(text),
  sends: [],
  status: 'open' as const,
  says,
  advice: /revoke these rules/,
  ...more,
});

testControl(control, {
  valid: [
    valid('tcp 443 0.0.0.0/0'),
    valid('udp 443 ::/0'),
    valid('tcp 587 0.0.0.0/0'),
    valid('-1 -1 10.0.0.0/8'),
    valid('tcp 80 sg-2'),
    valid('icmp -1 0.0.0.0/0'),
    { ...valid('-1 -1 0.0.0.0/0'), name: 'everything, without a list of ports', settings: {} },
  ],
  invalid: [
    invalid('-1 -1 0.0.0.0/0', /more than TCP 443, UDP 443, TCP 587 out to the world: sgr-1 \(all traffic to 0\.0\.0\.0\/0\)/),
    invalid('tcp 80 0.0.0.0/0', /TCP 80 to 0\.0\.0\.0\/0/),
    invalid('tcp 443-444 0.0.0.0/0', /TCP 443-444/),
    invalid('-1 -1 ::/0', /all traffic to ::\/0/, { name: 'a new group, which AWS lets out to everywhere', event: created('sg-1') }),
    invalid('tcp 25 pl-1', /TCP 25 to pl-1/, { world: world('tcp 25 pl-1', { 'pl-1': ['0.0.0.0/0'] }), event: scheduled() }),
  ],
  skipped: [],
});
