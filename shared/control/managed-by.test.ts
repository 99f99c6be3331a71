import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { isListed, managedBySchema } from './manager.ts';

const role = (name: string, account = '111122223333') => `arn:aws:iam::${account}:role/${name}`;

describe('a list of principals', () => {
  test.each([
    [role('deploy'), role('deploy')],
    [role('deploy-*'), role('deploy-shop')],
    [role('deploy-*'), role('deploy-')],
    [role('*-deploy-*-x'), role('shop-deploy-eu-x')],
    [role('ci/deploy'), role('ci/deploy')],
    [role('ci/*'), role('ci/deploy')],
    [role('a+b.c'), role('a+b.c')],
    [role('deploy', '*'), role('deploy', '444455556666')],
    ['arn:aws:iam::111122223333:user/ci', 'arn:aws:iam::111122223333:user/ci'],
  ])('%s names %s', (pattern, arn) => {
    expect(v.parse(managedBySchema, { terraform: [pattern] })).toEqual({ terraform: [pattern] });
    expect(isListed([role('other'), pattern], arn)).toBe(true);
  });

  test.each([
    [role('deploy'), role('deploy-shop')],
    [role('deploy'), role('my-deploy')],
    // a path is a part of its own: whoever may make roles under one path need not be trusted with the names of another
    [role('deploy-*'), role('deploy-x/evil')],
    [role('deploy-*'), role('evil/deploy-x')],
    [role('a.b'), role('axb')],
    [role('deploy'), role('deploy', '444455556666')],
    [role('deploy'), 'arn:aws:iam::111122223333:user/deploy'],
    [role('deploy'), 'arn:aws:sts::111122223333:assumed-role/deploy/x'],
    [role('deploy'), undefined],
  ])('%s does not name %s', (pattern, arn) => {
    expect(isListed([pattern], arn)).toBe(false);
  });

  test('that is not there names nobody', () => expect(isListed(undefined, role('deploy'))).toBe(false));

  test.each([
    role('*'),
    role('*/*'),
    role('/'),
    'deploy',
    'arn:aws:sts::111122223333:assumed-role/deploy/*',
    role('deploy', '1'),
    role('a b'),
    role('deploy\n'),
  ])('refuses %j', (pattern) => {
    const { issues } = v.safeParse(managedBySchema, { terraform: [pattern] });
    expect(issues?.map(({ message }) => message)).toEqual([
      'is not the ARN of a role or user, such as arn:aws:iam::111122223333:role/deploy-*',
    ]);
  });
});
