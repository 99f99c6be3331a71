import { describe, expect, test } from 'vitest';
import { messageFor, orderFor, scheduled } from '../../test/fixtures/events.ts';
import { newer, token } from '../../test/fixtures/secrets.ts';
import { awsError } from '../../test/support/harness.ts';
import {
  approve,
  ended,
  kept,
  name,
  newest,
  purging,
  type Started,
  settings,
  staged,
  start,
  step,
} from '../../test/support/parameters/conversion.ts';

/** Orders the undo of what was fixed, and goes on to its end. */
async function undo(started: Started) {
  const { id } = await ended(started);
  started.harness.put(orderFor('parameter-secure', 'undo', id));
  return await ended(started);
}

describe('an undo never writes a value that it could not decrypt', () => {
  test('since the key was disabled', async () => {
    const keys = { 'alias/shop': { KeyState: 'Enabled' } };
    const started = start({ keys }, { mode: 'fix', kmsKey: 'alias/shop' });
    await ended(started);
    keys['alias/shop'].KeyState = 'Disabled';
    const finding = await undo(started);
    expect(finding).toMatchObject({ status: 'fixed', order: { says: expect.stringContaining('no longer as Redress left it') } });
    expect(newest(started.world)).toMatchObject({ Type: 'SecureString', Value: token, Version: 2 });
  });

  test('since somebody wrote a newer one after it began', async () => {
    const started = start();
    const { id } = await ended(started);
    let isFirst = true;
    started.world.meanwhile = (action) => {
      if (action !== 'ssm:PutParameter' || !isFirst) return;
      isFirst = false;
      started.world.put({ Name: name, Value: newer, Type: 'SecureString', Overwrite: true, Tier: 'Advanced' });
      throw awsError('ThrottlingException', 'Rate exceeded');
    };
    started.harness.put(orderFor('parameter-secure', 'undo', id));
    const finding = await ended(started);
    expect(finding.says).toMatch(/cannot go on/);
    expect(newest(started.world)).toMatchObject({ Type: 'SecureString', Value: newer, Version: 3 });
  });
});

describe('deleted between two reads, it is gone, and nothing failed', () => {
  test.each(['ssm:ListTagsForResource', 'ssm:GetResourcePolicies', 'ssm:GetParameterHistory'])('before %s', async (read) => {
    const started = start();
    started.world.meanwhile = (action) => {
      if (action === read && started.world.parameters.has(name)) started.world.remove(name);
    };
    expect(await ended(started)).toMatchObject({ status: 'skipped', says: 'The resource is gone.' });
    expect(started.harness.dead).toEqual([]);
  });

  test('before its history, after it was converted', async () => {
    const started = start();
    started.world.meanwhile = (action) => {
      const isConverted = started.world.parameters.get(name)?.versions.at(-1)?.Type === 'SecureString';
      if (action === 'ssm:GetParameterHistory' && isConverted) started.world.remove(name);
    };
    const { says } = await ended(started);
    expect(says).toMatch(/The resource is gone, and a fix was in progress\. /);
  });

  test('and a copy that goes while a sweep looks at it stops nothing', async () => {
    const started = start({}, purging);
    await approve(started);
    await step(started.harness);
    const [copy = ''] = staged(started.world);
    started.world.meanwhile = (action) => {
      if (action === 'ssm:ListTagsForResource' && started.world.parameters.has(copy)) started.world.remove(copy);
    };
    started.harness.put(messageFor('parameter-secure', scheduled()));
    await started.harness.invoke();
    expect(started.harness.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test('two updates at once are waited for, as AWS asks', async () => {
  const started = start();
  let left = 3;
  started.world.meanwhile = (action) => {
    left -= action === 'ssm:PutParameter' ? 1 : 0;
    if (action === 'ssm:PutParameter' && left >= 0) throw awsError('TooManyUpdates', '');
  };
  expect((await ended(started)).status).toBe('fixed');
  expect(started.harness.announced.map(({ status }) => status)).toEqual(['fixed']);
  expect(newest(started.world)).toMatchObject({ ...kept, Value: token, Version: 2 });
});

describe('between the copy and the deletion', () => {
  /** Killed right after the copy was made, so that others have minutes. */
  const copied = async (): Promise<Started> => {
    const started = start({}, purging);
    await approve(started);
    const calm = start({}, purging);
    await approve(calm);
    await step(calm.harness);
    await step(started.harness, { at: calm.harness.calls.indexOf('ssm:PutParameter') + 1, when: 'after' });
    expect(staged(started.world)).toHaveLength(1);
    return started;
  };

  test('a tag and a label that somebody adds are kept', async () => {
    const started = await copied();
    const stored = started.world.parameters.get(name) ?? expect.fail('it is gone');
    stored.tags.push({ Key: 'owner', Value: 'dana' });
    stored.versions.at(-1)?.Labels?.push('stable');
    expect((await ended(started)).status).toBe('fixed');
    expect(newest(started.world)).toMatchObject({ Type: 'SecureString', Value: token, Labels: ['live', 'stable'] });
    const tags = [...settings.Tags, { Key: 'owner', Value: 'dana' }, { Key: 'redress:recreated', Value: 'version 1' }];
    expect(started.world.parameters.get(name)?.tags).toEqual(tags);
    expect(staged(started.world)).toEqual([]);
  });

  test('a parameter that was made again, with the same number of its version, keeps its new value', async () => {
    const started = await copied();
    started.world.remove(name);
    started.harness.now = new Date(started.harness.now.getTime() + 31_000);
    started.world.put({ Name: name, Value: newer, Type: 'String' });
    const finding = await ended(started);
    expect(finding.status, finding.says).toBe('fixed');
    expect(newest(started.world)).toMatchObject({ Type: 'SecureString', Value: newer, Version: 1 });
    expect(staged(started.world)).toEqual([]);
  });

  test('a newer value that a read does not show yet is not deleted', async () => {
    const started = await copied();
    const { send } = started.world;
    started.world.put({ Name: name, Value: newer, Type: 'String', Overwrite: true, Tier: 'Advanced' });
    let stale = 2;
    Object.assign(started.world, {
      async send(command: Parameters<typeof send>[0]) {
        const answer = await send(command);
        const isOfIt = JSON.stringify(command.input).includes(`"Names":["${name}"]`);
        if (!isOfIt || stale === 0) return answer;
        stale -= 1;
        return { Parameters: [started.world.parameters.get(name)?.versions[0]] };
      },
    });
    expect((await ended(started)).status).toBe('fixed');
    expect(newest(started.world)).toMatchObject({ Type: 'SecureString', Value: newer, Version: 1 });
  });
});

test('labels of older versions go with their history: a person is told before', async () => {
  const started = start({}, purging);
  started.world.put({ Name: name, Value: newer, Type: 'String', Overwrite: true, Tier: 'Advanced' });
  const finding = await ended(started);
  expect(finding).toMatchObject({ status: 'awaiting-approval' });
  expect(finding.advice.map(({ says }) => says).join()).toMatch(/Look first: version 1 carries the label live, which goes with it/);
});
