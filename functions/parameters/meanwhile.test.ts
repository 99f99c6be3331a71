import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { newer, planted } from '../../test/fixtures/secrets.ts';
import { awsError } from '../../test/support/harness.ts';
import { approve, ended, name, newest, purging, staged, start, step } from '../../test/support/parameters/conversion.ts';
import { dana, type ParameterWorld } from '../../test/support/parameters/world.ts';

describe('what others do during the staged way', () => {
  const during = async (action: string, act: (world: ParameterWorld) => void) => {
    const started = start({}, purging);
    await approve(started);
    let isFirst = true;
    started.world.meanwhile = (called) => {
      if (called !== action || !isFirst) return;
      isFirst = false;
      act(started.world);
    };
    return { ...started, finding: await ended(started) };
  };
  const overwrite = (world: ParameterWorld) => {
    world.put({ Name: name, Value: newer, Type: 'String', Overwrite: true, Tier: 'Advanced' });
  };

  test('a newer value before the copy is made is the one that stays', async () => {
    const { world, finding } = await during('ssm:PutParameter', overwrite);
    expect(finding.status, finding.says).toBe('fixed');
    expect(newest(world)).toMatchObject({ Value: newer, Type: 'SecureString', Version: 1 });
    expect(staged(world)).toEqual([]);
  });

  test('a name that somebody takes while it is free keeps their value', async () => {
    const started = start({}, purging);
    await approve(started);
    await step(started.harness);
    expect(started.world.parameters.has(name)).toBe(false);
    started.harness.now = new Date(started.harness.now.getTime() + 31_000);
    started.world.put({ Name: name, Value: newer, Type: 'SecureString' });
    const finding = await ended(started);
    expect(finding.status, finding.says).toBe('fixed');
    expect(newest(started.world)).toMatchObject({ Value: newer, Version: 1, LastModifiedUser: dana });
    expect(staged(started.world)).toEqual([]);
  });

  test('a deletion by somebody else is theirs: the copy is kept, and a person is told', async () => {
    const { world, finding } = await during('ssm:AddTagsToResource', (there) => {
      there.remove(name);
      throw awsError('ThrottlingException', 'Rate exceeded');
    });
    expect(finding.status).toBe('failed');
    expect(finding.says).toMatch(/Somebody else deleted it/);
    expect(finding.advice.map(({ says }) => says).join()).toMatch(/create it again from the copy/);
    expect(staged(world)).toHaveLength(1);
  });

  test('a copy that somebody else put there is not believed', async () => {
    const folder = createHash('sha256').update(name).digest('hex').slice(0, 24);
    const Tags = [
      { Key: 'redress:stage-of', Value: name },
      { Key: 'redress:deleting', Value: '2026-11-21T08:00:00.000Z' },
    ];
    const started = start({}, purging);
    started.world.put({ Name: `/redress/stage/${folder}/1`, Value: planted, Type: 'SecureString', Tags });
    started.world.remove(name);
    expect((await ended(started)).says).toBe('The resource is gone.');
    expect(started.world.parameters.has(name)).toBe(false);
  });
});

test('deleted while it was converted: it is not left in silence', async () => {
  const started = start();
  started.world.meanwhile = (action) => {
    if (action !== 'ssm:PutParameter' || newest(started.world)?.LastModifiedUser !== dana) return;
    started.world.remove(name);
    started.world.clock = () => new Date(started.harness.now.getTime() + 60_000);
  };
  const finding = await ended(started);
  expect(finding.status).toBe('failed');
  expect(finding.says).toMatch(/Somebody deleted it while Redress converted it/);
  expect(finding.advice.map(({ says }) => says).join()).toMatch(/Delete .* again/);
});
