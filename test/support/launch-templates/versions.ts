import { CreateLaunchTemplateVersionCommand, type RequestLaunchTemplateData, type ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { Account } from '../launches/account.ts';
import { createTemplate, createVersion } from '../launches/events.ts';
import { image, launchWorld, template } from '../launches/world.ts';
import type { InvalidCase } from '../tester.ts';

const open = image('ami-1');
export const plain = { ImageId: 'ami-1', InstanceType: 't3.micro' as const };
export const Encrypted = true;
export const root = (Ebs: object = { Encrypted }) => ({ DeviceName: '/dev/xvda', Ebs });
export const world =
  (data: ResponseLaunchTemplateData, account: Account = {}) =>
  () =>
    launchWorld({ templates: [template('lt-1', data)], images: [open], ...account });
export const versions =
  (...data: Parameters<typeof template>[1][]) =>
  (more: Partial<ReturnType<typeof template>> = {}, account: Account = {}) =>
  () =>
    launchWorld({ templates: [{ ...template('lt-1', ...data), ...more }], images: [open], ...account });
export const make = (data: RequestLaunchTemplateData, description = 'Redress: version 1 with encryption') =>
  new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: 'lt-1', VersionDescription: description, LaunchTemplateData: data });
export const fixed = { ...plain, BlockDeviceMappings: [root()] };
export const superseded =
  /^Found: Version 1, the latest and the default, launches unencrypted volumes: .* Now: Version 2 is the same as version 1, with encryption\. Version 1 is still the default: `aws ec2 modify-launch-template --launch-template-id lt-1 --default-version 2` moves it\.$/;
/** Templates of many versions, and versions that appear while Redress makes its own. */
export const versionCases: readonly InvalidCase[] = [
  {
    name: 'a version of somebody else that appears while Redress makes its own, and is the latest in the end',
    world: versions(plain)(
      {},
      {
        meanwhile: {
          CreateLaunchTemplateVersion: ({ templates }) => void templates[0]?.versions.push({ data: { ...plain, KeyName: 'new' } }),
        },
      },
    ),
    event: createTemplate('lt-1'),
    sends: [make(fixed), make({ ...fixed, KeyName: 'new' }, 'Redress: version 2 with encryption')],
    status: 'superseded',
    says: /Version 3 is the same as version 1, with encryption/,
  },
  {
    name: 'an encrypted version of somebody else that appears meanwhile',
    world: versions(plain)(
      {},
      {
        meanwhile: {
          CreateLaunchTemplateVersion: ({ templates }) => void templates[0]?.versions.push({ data: { ...fixed, KeyName: 'new' } }),
        },
      },
    ),
    event: createTemplate('lt-1'),
    sends: [make(fixed), make({ ...fixed, KeyName: 'new' }, 'Redress: version 2 again')],
    status: 'superseded',
    says: /Version 3 is the same as version 1/,
  },
  {
    name: 'a template of 250 versions, page by page',
    world: () =>
      launchWorld({
        templates: [template('lt-1', ...Array.from({ length: 250 }, (_, n) => ({ ...plain, KeyName: `k${n}` })))],
        images: [open],
        pageSize: 100,
      }),
    event: createVersion('lt-1'),
    sends: [make({ ...fixed, KeyName: 'k249' }, 'Redress: version 250 with encryption')],
    status: 'superseded',
    says: /Version 251 is the same as version 250, with encryption/,
  },
];
