import { expect, test } from 'vitest';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';

test('the deployment starts a sweep of what may have stood wrong for long, at a few calls an account', async () => {
  const controls = controlsOf(await discoverFunctions());
  const swept = controls.filter(({ sweep }) => sweep.atDeployment).map(({ id }) => id);
  expect(swept.filter((id) => !id.endsWith('-sensitive-tags')).sort()).toEqual([
    'auto-scaling-group-encrypted',
    'auto-scaling-key-usable',
    'ebs-default-encryption',
    'launch-configuration-encrypted',
    'launch-template-encrypted',
    'parameter-secure',
  ]);
  // a secret in a tag is read by everybody from the moment it stands there; other tags may wait for the day's sweep
  for (const { id, sweep } of controls.filter((one) => /-tags?$/.test(one.id)))
    expect([id, sweep.atDeployment]).toEqual([id, id.endsWith('-sensitive-tags')]);
});
