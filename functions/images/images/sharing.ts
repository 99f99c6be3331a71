import { type LaunchPermission, ModifyImageAttributeCommand } from '@aws-sdk/client-ec2';
import type { Permission } from '#shared/control/types.ts';

const anyImage = 'arn:{partition}:ec2:{region}::image/*';

/**
 * Changes an image, and shares it with nobody.
 * [U] Which requests fill in these keys is not documented; where none does, this statement allows the call, and AWS still asks for it.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export const withoutSharing: Permission = {
  action: 'ec2:ModifyImageAttribute',
  resource: anyImage,
  conditions: {
    Null: {
      'ec2:Add/group': 'true',
      'ec2:Add/userId': 'true',
      'ec2:Add/organizationArn': 'true',
      'ec2:Add/organizationalUnitArn': 'true',
    },
  },
};

/** Makes an image public again, as an undo does. */
export const sharingWithAll: Permission = {
  action: 'ec2:ModifyImageAttribute',
  resource: anyImage,
  conditions: { StringEquals: { 'ec2:Add/group': 'all' }, Null: { 'ec2:Add/userId': 'true' } },
};

/** Adds launch permissions to an image or removes them, and leaves all others as they are. */
export function sharing(ImageId: string, change: 'Add' | 'Remove', permissions: readonly LaunchPermission[]): ModifyImageAttributeCommand {
  return new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { [change]: [...permissions] } });
}

/** Shares an image with accounts and organizations again, as an undo does; `all` is none of them. */
export const sharingByName: readonly Permission[] = ['ec2:Add/userId', 'ec2:Add/organizationArn', 'ec2:Add/organizationalUnitArn'].map(
  (key) => ({ action: 'ec2:ModifyImageAttribute', resource: anyImage, conditions: { Null: { [key]: 'false', 'ec2:Add/group': 'true' } } }),
);
