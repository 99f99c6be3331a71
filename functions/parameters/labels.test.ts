import { afterEach, expect, test } from 'vitest';
import { messageFor } from '../../test/fixtures/events.ts';
import { newer, token } from '../../test/fixtures/secrets.ts';
import { checkCommands } from '../../test/support/advice.ts';
import { Harness } from '../../test/support/harness.ts';
import { event, found, name } from '../../test/support/parameters/cases/setting.ts';
import { parametersWorld } from '../../test/support/parameters/world.ts';
import control from './parameter-secure.ts';

let world: ReturnType<typeof parametersWorld> | undefined;
afterEach(() => world?.restore?.());

/** A parameter with an older value under two labels and the newest under one, once Redress has looked at it. */
async function looked(mode: 'observe' | 'fix', settings: object = {}) {
  const account = parametersWorld({ parameters: { [name]: { Value: newer, labels: ['v7', 'old'] } } });
  world = account;
  account.put({ Name: name, Value: token, Type: 'String', Overwrite: true });
  const newest = account.parameters.get(name)?.versions.at(-1);
  if (newest) newest.Labels = ['live'];
  const harness = new Harness({ controls: [control], config: { controls: { 'parameter-secure': { mode, ...settings } } }, world: account });
  harness.put(messageFor('parameter-secure', event));
  await harness.settle();
  const [finding] = await harness.findings();
  return finding ?? expect.fail('no finding');
}

test('what still answers as plaintext after a conversion is named, with the command that ends it', async () => {
  const finding = await looked('fix');
  checkCommands(finding);
  expect(finding).toMatchObject({ status: 'fixed', found });
  expect(finding.now).toMatch(
    /The labels old and v7 of version 1 still answer as plaintext, of another value; whoever reads by them gets nothing once you remove them: `aws ssm unlabel-parameter-version --name \/shop\/prod\/deploy --parameter-version 1 --labels old v7`/,
  );
  expect(finding.now).toMatch(
    /The label live of version 2 still answers as plaintext; move it to the newest version, whose value is the same: `aws ssm label-parameter-version --name \/shop\/prod\/deploy --labels live`$/,
  );
});

test('before a conversion a person knows which will', async () => {
  expect((await looked('observe')).advice.map(({ says }) => says)).toEqual(
    expect.arrayContaining([
      'After a conversion in place, the labels old and v7 of version 1 still answer as plaintext.',
      'After a conversion in place, the label live of version 2 still answers as plaintext.',
    ]),
  );
});

test('what is recreated has no older version to name', async () => {
  const { advice } = await looked('observe', { purgeHistory: true });
  expect(advice.map(({ says }) => says).join(' ')).not.toMatch(/still answer/);
});
