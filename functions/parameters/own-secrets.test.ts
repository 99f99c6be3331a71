import { afterEach, expect, test } from 'vitest';
import type { RedressConfig } from '#shared/finding/config.ts';
import { messageFor, scheduled } from '../../test/fixtures/events.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { checkCommands } from '../../test/support/advice.ts';
import { awsError, Harness } from '../../test/support/harness.ts';
import { putParameter } from '../../test/support/parameters/events.ts';
import { parametersWorld } from '../../test/support/parameters/world.ts';
import control from './parameter-secure.ts';

const slack = '/redress/slack/token';
const config: RedressConfig = {
  controls: { 'parameter-secure': { mode: 'fix' } },
  alerts: { slack: { channels: { security: { tokenParameter: slack, channel: 'C0123456789' } } } },
};
let world: ReturnType<typeof parametersWorld> | undefined;
afterEach(() => world?.restore?.());

/** The account, whose role may not read the parameter that the config names for Slack. */
function start(type: 'String' | 'SecureString') {
  const account = parametersWorld({ parameters: { [slack]: { Value: token, Type: type }, '/shop/key': { Value: token } } });
  world = account;
  account.meanwhile = (action, input) => {
    const names = JSON.stringify(input);
    if (/:(GetParameter|PutParameter|DeleteParameter)/.test(action) && names.includes(slack)) throw awsError('AccessDeniedException');
  };
  return { account, harness: new Harness({ controls: [control], config, world: account }) };
}
const statusesOf = async (harness: Harness) =>
  (await harness.findings()).map(({ status, resource, says }) => [resource.id, status, says] as const).sort();

test('what the config names for Slack is judged by its type alone, and keeps no other parameter from being judged', async () => {
  const { harness } = start('String');
  harness.put(messageFor('parameter-secure', scheduled()));
  await harness.settle();
  expect(await statusesOf(harness)).toEqual([
    [slack, 'open', expect.stringContaining('It is a String. The configuration names it for Slack')],
    ['/shop/key', 'awaiting-approval', expect.stringContaining('sensitive by its value')],
  ]);
  const own = (await harness.findings()).find(({ resource }) => resource.id === slack) ?? expect.fail('no finding');
  checkCommands(own);
  expect(own.advice).toEqual([
    {
      says: expect.stringMatching(
        /^Rotate the secret in Slack\. .*`aws ssm put-parameter --name \/redress\/slack\/token --type SecureString --overwrite --tier Standard --value "\$\(cat\)"`$/,
      ),
    },
  ]);
  expect(harness.dead).toEqual([]);
});

test('what an overwrite would set back is kept, and not shown', async () => {
  const { harness, account } = start('String');
  account.put({ Name: slack, Value: token, Type: 'String', Overwrite: true, Description: 'hidden', AllowedPattern: '^ghp_' });
  harness.put(messageFor('parameter-secure', scheduled()));
  await harness.settle();
  const own = (await harness.findings()).find(({ resource }) => resource.id === slack) ?? expect.fail('no finding');
  checkCommands(own);
  expect(own.advice[0]?.says).toMatch(
    /--description "\$\(aws ssm describe-parameters .*--allowed-pattern "\$\(aws ssm describe-parameters /,
  );
  expect(JSON.stringify(own)).not.toMatch(/hidden|\^ghp_/);
});

test('as a SecureString it is right, without a look at its value', async () => {
  const { harness } = start('SecureString');
  harness.put(messageFor('parameter-secure', putParameter(slack, { type: null })));
  await harness.settle();
  expect(await harness.findings()).toEqual([]);
  expect(harness.reads.map(({ api }) => api).filter((api) => api !== 'ssm:DescribeParameters')).toEqual([]);
});

test('one that is gone is gone', async () => {
  const { harness, account } = start('SecureString');
  account.parameters.delete(slack);
  harness.put(messageFor('parameter-secure', putParameter(slack, { type: null })));
  await harness.settle();
  expect(await statusesOf(harness)).toEqual([[slack, 'skipped', 'The resource is gone.']]);
  expect(harness.dead).toEqual([]);
});
