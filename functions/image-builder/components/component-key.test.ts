import { describe, expect, test } from 'vitest';
import { scheduled } from '../../../test/fixtures/events.ts';
import { made } from '../../../test/support/image-builder/events.ts';
import { arnOf, builderWorld } from '../../../test/support/image-builder/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './component-key.ts';

const event = made('CreateComponent', 'componentBuildVersionArn', arnOf('Component', 'tools/1.0.0/1'));
const key = 'arn:aws:kms:eu-west-1:111122223333:key/1';
const other = 'arn:aws:kms:eu-west-1:111122223333:key/2';
const world =
  (more: object = {}) =>
  () =>
    builderWorld({ components: { 'tools/1.0.0/1': { encrypted: true, ...more } } });
const settings = { key };

testControl(control, {
  valid: [
    { name: 'one under the key', world: world({ kmsKeyId: key }), event, settings },
    { name: 'any, where only other places name a key', world: world(), event },
  ],
  invalid: [
    {
      name: 'one without a customer managed key',
      world: world(),
      event,
      settings,
      sends: [],
      status: 'open',
      says: 'The component has no customer managed key: Image Builder encrypts it with a key of its own.',
      advice: /new version/,
    },
    {
      name: 'one under another key',
      world: world({ kmsKeyId: other }),
      event: scheduled(),
      settings,
      sends: [],
      status: 'open',
      says: /is under .*key\/2, and the settings name .*key\/1/,
    },
  ],
  skipped: [{ name: 'one that is gone by now', world: () => builderWorld(), event, settings, says: 'The resource is gone.' }],
});

describe('the control', () => {
  test('is idle without a key', () => {
    expect([control.isIdle?.({}), control.isIdle?.(settings)]).toEqual([true, false]);
  });
});
