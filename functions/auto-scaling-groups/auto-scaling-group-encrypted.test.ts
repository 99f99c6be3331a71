import { scheduled } from '../../test/fixtures/events.ts';
import { moveCases } from '../../test/support/auto-scaling-groups/moves.ts';
import { allowed, bad, by, defaulted, fix, good, moved, policyCases, world } from '../../test/support/auto-scaling-groups/policies.ts';
import { createGroup, modifyTemplate, updateGroup } from '../../test/support/launches/events.ts';
import { follow, group, launchWorld } from '../../test/support/launches/world.ts';
import { testControl } from '../../test/support/tester.ts';
import control from './auto-scaling-group-encrypted.ts';

const configuration = { LaunchConfigurationName: 'old', ImageId: 'ami-1', InstanceType: 't3.micro', CreatedTime: new Date(0) };

// nobody waits between two look-ups of the event history
testControl(control, {
  valid: [
    { name: 'a group on an encrypted version', world: world(by('2')), event: createGroup('web') },
    {
      name: 'a volume from an encrypted snapshot of its own',
      world: world(
        by('1'),
        [{ ...good, BlockDeviceMappings: [...good.BlockDeviceMappings, { DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-1' } }] }],
        {
          snapshots: [{ SnapshotId: 'snap-1', Encrypted: true }],
        },
      ),
      event: createGroup('web'),
    },
    { name: 'a group that follows the latest, which is encrypted', world: world(by('$Latest')), event: updateGroup('web') },
    {
      name: 'a group on an unencrypted version, where encryption by default is on',
      world: world(by('1'), [bad], { isDefaultOn: true }),
      event: createGroup('web'),
    },
    {
      name: 'an unencrypted launch configuration, where encryption by default is on',
      world: world({ LaunchConfigurationName: 'old' }, [bad], { isDefaultOn: true, configurations: [configuration] }),
      event: createGroup('web'),
    },
    {
      name: 'a policy whose own template is bad, and launched by no override',
      world: world({
        MixedInstancesPolicy: {
          LaunchTemplate: {
            LaunchTemplateSpecification: follow('lt-1', '1'),
            Overrides: [{ LaunchTemplateSpecification: follow('lt-1', '2') }],
          },
        },
      }),
      event: createGroup('web'),
    },
    {
      name: 'the group of a template whose default moved to an encrypted version',
      world: world(by('$Default'), [bad, good], {}, { default: 2 }),
      event: modifyTemplate('lt-1'),
    },
    { name: 'a template whose default moved, and that no group follows', world: world(by('1')), event: modifyTemplate('lt-1') },
  ],
  invalid: [
    ...policyCases,
    ...moveCases,
    {
      name: 'a group that follows an unencrypted version by number',
      world: world(by('1')),
      event: createGroup('web'),
      settings: allowed,
      sends: [moved('2')],
      status: 'fixed',
      says: 'Found: Version 1 of name-of-lt-1 launches unencrypted volumes: /dev/xvda, since the snapshot of ami-1 is not encrypted. Now: name-of-lt-1 launches encrypted volumes only.',
    },
    {
      name: 'a group that follows the default, which is moved for all that follow it',
      world: world(by('$Default')),
      event: createGroup('web'),
      sends: [defaulted('2')],
      status: 'fixed',
      says: /^Found: Version 1 of name-of-lt-1 \(\$Default\) launches unencrypted/,
    },
    {
      name: 'a group found by a default that somebody moved to an unencrypted version',
      world: world(by('$Default'), [good, bad, { ...good, KeyName: 'ops' }, good], {}, { default: 2 }),
      event: modifyTemplate('lt-1'),
      isApproved: true,
      sends: [defaulted('4')],
      status: 'fixed',
      says: /Version 2/,
    },
    {
      name: 'a group that Redress may not update',
      world: world(by('1')),
      event: createGroup('web'),
      sends: [],
      status: 'open',
      says: /launches unencrypted/,
      advice: /allowGroupUpdates/,
    },
    {
      name: 'a group that waits until the template control has made the version',
      world: () => {
        const made = world(by('1'), [bad])();
        let reads = 0;
        return {
          ...made,
          send: (command) => {
            reads += 1;
            if (reads === 20) made.templates[0]?.versions.push({ data: good });
            return made.send(command);
          },
        };
      },
      event: createGroup('web'),
      settings: allowed,
      modes: fix,
      sends: [moved('2')],
      status: 'fixed',
      says: /^Found: Version 1/,
    },
    {
      name: 'a group that waited in vain',
      world: world(by('1'), [bad]),
      event: createGroup('web'),
      settings: allowed,
      modes: fix,
      sends: [],
      status: 'open',
      says: /Redress waited, because launch-template-encrypted makes the encrypted version\. The next sweep looks again\.$/,
    },
    {
      name: 'a bad version, where the template control only observes',
      world: world(by('$Latest'), [bad]),
      event: createGroup('web'),
      modes: { 'launch-template-encrypted': 'observe' },
      sends: [],
      status: 'open',
      says: /\(\$Latest\) launches unencrypted/,
      advice: /its mode is observe: approve its finding/,
    },
    {
      name: 'an old version by number, of which no other is made',
      world: world(by('1'), [bad, { ...good, KeyName: 'ops' }]),
      event: createGroup('web'),
      settings: allowed,
      modes: fix,
      sends: [],
      status: 'open',
      says: /Version 1/,
      advice: /is not its latest/,
    },
    {
      name: 'the template of a stack, of which no version is made',
      world: world(by('1'), [bad], {}, { Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'web' }] }),
      event: createGroup('web'),
      settings: allowed,
      modes: fix,
      sends: [],
      status: 'open',
      says: /Version 1/,
      advice: /The CloudFormation stack web manages the launch template/,
    },
    {
      name: 'a template that vanished',
      world: () => launchWorld({ groups: [group('web', by('1'))] }),
      event: createGroup('web'),
      sends: [],
      status: 'open',
      says: 'It can launch nothing: version 1 of name-of-lt-1 is gone.',
    },
    {
      name: 'a group found by the sweep',
      world: world(by('$Default')),
      event: scheduled(),
      isApproved: true,
      sends: [defaulted('2')],
      status: 'fixed',
      says: /Version 1/,
    },
  ],
  skipped: [
    {
      name: 'a group that is being deleted',
      world: world({ ...by('1'), Status: 'Delete in progress' }),
      event: updateGroup('web'),
      says: /The group is being deleted \(Delete in progress\)\.$/,
    },
    {
      name: 'a group of a CloudFormation stack',
      world: world({ ...by('1'), Tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'web' }] }),
      event: createGroup('web'),
      says: /The CloudFormation stack web manages it, so it is left unchanged/,
      advice: /Encrypted: true/,
    },
    {
      name: 'a group on an unencrypted launch configuration',
      world: world({ LaunchConfigurationName: 'old' }, [bad], { configurations: [configuration] }),
      event: createGroup('web'),
      says: /The launch configuration old launches unencrypted volumes: .* launch-configuration-encrypted replaces it\.$/,
    },
    { name: 'a group that is gone', world: () => launchWorld(), event: createGroup('web'), says: 'The resource is gone.' },
  ],
  undo: [
    { name: 'a group by number', world: world(by('1')), event: createGroup('web'), settings: allowed, sends: [moved('1')] },
    { name: 'a default', world: world(by('$Default')), event: createGroup('web'), sends: [defaulted('1')] },
  ],
});
