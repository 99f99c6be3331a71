import { describe, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import type { AnyControl } from '#shared/control/control.ts';
import { messageFor, orderFor } from '../../test/fixtures/events.ts';
import { ended, killEverywhere } from '../../test/support/documents/kills.ts';
import { awsError, Harness } from '../../test/support/harness.ts';
import { made, updated } from '../../test/support/image-builder/events.ts';
import { account as withPipeline } from '../../test/support/image-builder/recipes.ts';
import { type Account, arnOf, builderWorld } from '../../test/support/image-builder/world.ts';
import distributionEncrypted from './distributions/distribution-encrypted.ts';
import distributionPrivate from './distributions/distribution-private.ts';
import infrastructureImds from './infrastructures/infrastructure-imds-v2.ts';

interface Fix {
  readonly control: AnyControl;
  readonly settings?: object;
  readonly account: Account;
  readonly arn: string;
  readonly member: string;
  readonly type: 'DistributionConfiguration' | 'InfrastructureConfiguration';
  /** What stands there after the fix and after its undo, beside what Redress does not touch. */
  readonly fixed: object;
  readonly undone: object;
}

const infrastructure = { instanceProfileName: 'builder', instanceMetadataOptions: { httpTokens: 'optional', httpPutResponseHopLimit: 2 } };
const shared = (launchPermission?: object) => ({
  distributions: [{ region: 'eu-west-1', amiDistributionConfiguration: { name: 'web', ...(launchPermission && { launchPermission }) } }],
});
const key = 'arn:aws:kms:eu-west-1:111122223333:key/1';
const open = { distributions: [{ region: 'eu-west-1', amiDistributionConfiguration: { name: 'web' } }] };
const fixes: readonly Fix[] = [
  {
    control: distributionEncrypted,
    settings: { keys: { 'eu-west-1': key } },
    account: withPipeline({ distributions: { web: open } }),
    arn: arnOf('DistributionConfiguration', 'web'),
    member: 'distributionConfigurationArn',
    type: 'DistributionConfiguration',
    fixed: { distributions: [{ region: 'eu-west-1', amiDistributionConfiguration: { name: 'web', kmsKeyId: key } }] },
    undone: open,
  },
  {
    control: distributionPrivate,
    account: { distributions: { web: shared({ userGroups: ['all'] }) } },
    arn: arnOf('DistributionConfiguration', 'web'),
    member: 'distributionConfigurationArn',
    type: 'DistributionConfiguration',
    fixed: shared(),
    undone: shared({ userGroups: ['all'] }),
  },
  {
    control: infrastructureImds,
    account: { infrastructures: { web: infrastructure } },
    arn: arnOf('InfrastructureConfiguration', 'web'),
    member: 'infrastructureConfigurationArn',
    type: 'InfrastructureConfiguration',
    fixed: { ...infrastructure, instanceMetadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 2 } },
    undone: infrastructure,
  },
];

describe.each(fixes.map((one) => [one.control.id, one] as const))(
  '%s',
  (_id, { control, settings, account, arn, member, type, fixed, undone }) => {
    const created = made(`Create${type}`, member, arn);
    const changed = updated(`Update${type}`, member, arn);
    function start() {
      const world = builderWorld(account);
      const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'fix', ...settings } } }, world });
      harness.put(messageFor(control.id, created));
      return { world, harness };
    }
    /** What people wrote, without what AWS adds. */
    const standing = (world: ReturnType<typeof builderWorld>) => {
      const { arn: _, name: __, dateCreated: ___, dateUpdated: ____, tags: _____, ...members } = world.all.get(arn) ?? {};
      return members;
    };

    test('killed at every call of the fix, and of its undo: the right configuration', async () => {
      await killEverywhere(
        control,
        async () => start(),
        (world, end, where) => expect(standing(world), where).toEqual(end === 'fixed' ? fixed : undone),
      );
    });

    test('throttled, it waits and ends; two events at once, one of them twice, are one finding and one update', async () => {
      const { world, harness } = start();
      let left = 3;
      world.meanwhile = (action) => {
        if (!action.startsWith('imagebuilder:') || left === 0) return;
        left -= 1;
        throw awsError('CallRateLimitExceededException', 'You have exceeded the permitted request rate.', 429);
      };
      for (const event of [created, changed]) harness.put(messageFor(control.id, event));
      expect((await ended(harness)).status).toBe('fixed');
      expect(left).toBe(0);
      expect(harness.writes.map(({ api }) => api)).toEqual([`imagebuilder:Update${type}`]);
      expect(standing(world)).toEqual(fixed);
    });

    test('the same mistake once more is fixed once more: no token of the first hides it', async () => {
      const { world, harness } = start();
      const before = structuredClone(world.all.get(arn) ?? {});
      expect((await ended(harness)).status).toBe('fixed');
      world.all.set(arn, before);
      harness.now = new Date(harness.now.getTime() + 1000);
      harness.put(messageFor(control.id, { ...changed, id: 'again' }));
      await harness.settle();
      expect(standing(world)).toEqual(fixed);
      expect(harness.writes).toHaveLength(2);
    });

    test('a lost answer of the update is no second change', async () => {
      const { world, harness } = start();
      const { send } = world;
      let isLost = false;
      world.send = async (command) => {
        const answer = await send(command);
        if (isLost || !actionOf(command).startsWith('imagebuilder:Update')) return answer;
        isLost = true;
        throw awsError('ServiceUnavailableException', 'unavailable', 503);
      };
      expect((await ended(harness)).status).toBe('fixed');
      expect(isLost).toBe(true);
      expect(standing(world)).toEqual(fixed);
    });

    test('an undo leaves what somebody else has changed since', async () => {
      const { world, harness } = start();
      const finding = await ended(harness);
      world.all.set(arn, { ...world.all.get(arn), description: 'somebody else', dateUpdated: '2026-11-21T09:20:00Z' });
      harness.put(orderFor(control.id, 'undo', finding.id));
      expect((await ended(harness)).status).toBe('undone');
      expect(standing(world)).toEqual({ ...undone, description: 'somebody else' });
    });
  },
);
