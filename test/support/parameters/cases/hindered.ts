import { token } from '../../../fixtures/secrets.ts';
import { awsError } from '../../harness.ts';
import type { InvalidCase } from '../../tester.ts';
import { convert, event, found, name, world } from './setting.ts';

const customer = { kmsKey: 'alias/shop' };

/** What stands against a conversion: the key, or the hundred versions that AWS keeps. */
export const hindered: readonly InvalidCase[] = [
  {
    name: 'a configured key',
    world: world({}, { keys: { 'alias/shop': { KeyState: 'Enabled' } } }),
    event,
    settings: customer,
    sends: [convert({ KeyId: 'alias/shop' })],
    status: 'fixed',
    says: /under alias\/shop/,
  },
  {
    name: 'a configured key that is disabled',
    world: world({}, { keys: { 'alias/shop': { KeyState: 'Disabled' } } }),
    event,
    settings: customer,
    sends: [],
    status: 'open',
    says: found,
    advice: /the key alias\/shop is Disabled/,
  },
  {
    name: 'a configured key that signs',
    world: world({}, { keys: { 'alias/shop': { KeyState: 'Enabled', KeyUsage: 'SIGN_VERIFY' } } }),
    event,
    settings: customer,
    sends: [],
    status: 'open',
    says: found,
    advice: /not a symmetric encryption key/,
  },
  {
    name: 'a configured key that does not exist',
    world: world(),
    event,
    settings: customer,
    sends: [],
    status: 'open',
    says: found,
    advice: /does not exist/,
  },
  {
    name: 'a configured key that Redress may not look at',
    world: world({}, { refuses: { 'kms:DescribeKey': awsError('AccessDeniedException', 'no kms:DescribeKey') } }),
    event,
    settings: customer,
    sends: [],
    status: 'awaiting-approval',
    says: /may not look at the key alias\/shop/,
    advice: /Allow Redress's role `kms:DescribeKey` in the policy of alias\/shop/,
  },
  {
    name: 'a hundred versions of which the oldest is labelled',
    world: () => {
      const made = world()();
      for (let n = 2; n <= 100; n += 1) made.put({ Name: name, Value: token, Type: 'String', Overwrite: true });
      const [oldest] = made.parameters.get(name)?.versions ?? [];
      if (oldest) oldest.Labels = ['release'];
      return made;
    },
    event,
    sends: [],
    status: 'open',
    says: found,
    advice: /oldest, 1, carries the label release.*ParameterMaxVersionLimitExceeded/,
  },
];
