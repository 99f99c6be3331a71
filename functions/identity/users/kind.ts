import { ListMFADevicesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { oneByOne } from '#shared/aws/loaders.ts';
import { onePageBy, partOf } from '#shared/aws/pages.ts';
import { kindOf } from '#shared/control/kind.ts';
import { type CloudTrailRecord, stringAt } from '#shared/control/record.ts';

const USER = 'AWS::IAM::User';
const anyUser = 'arn:{partition}:iam::{account}:user/*';

/** What is read of a user: how many MFA devices of any sort it has. */
export interface User {
  readonly devices: number;
}

/** IAM users; there is one list of them for all Regions. */
export const users = kindOf<User>({
  noun: 'user',
  plural: 'IAM users',
  type: USER,
  eventSource: 'iam.amazonaws.com',
  // without the path, which records of other calls do not hold
  arn: 'arn:{partition}:iam::{account}:user/{id}',
  console: '/iam/home#/users/details/{id}',
  securityHub: 'AwsIamUser',
  isGlobal: true,
  created: { CreateUser: 'requestParameters.userName' },
  members: ['UserName'],
  unwatched: {
    // https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteVirtualMFADevice.html
    'A device is removed from its user by DeactivateMFADevice, which is watched, and AWS deletes none before that.': [
      'CreateVirtualMFADevice',
      'DeleteVirtualMFADevice',
      'ResyncMFADevice',
    ],
    'What a user may do says nothing of how it signs in.': [
      'AddUserToGroup',
      'RemoveUserFromGroup',
      'AttachUserPolicy',
      'DetachUserPolicy',
      'PutUserPolicy',
      'DeleteUserPolicy',
      'PutUserPermissionsBoundary',
      'DeleteUserPermissionsBoundary',
    ],
    'Such keys, codes and certificates work without MFA whoever has a device: only a policy can ask for it.': [
      'CreateAccessKey',
      'UpdateAccessKey',
      'DeleteAccessKey',
      'CreateServiceSpecificCredential',
      'ResetServiceSpecificCredential',
      'UpdateServiceSpecificCredential',
      'DeleteServiceSpecificCredential',
      'UploadSSHPublicKey',
      'UpdateSSHPublicKey',
      'DeleteSSHPublicKey',
      'UploadSigningCertificate',
      'UpdateSigningCertificate',
      'DeleteSigningCertificate',
    ],
    'A new password in the place of an old one changes nothing of MFA, and without a password nobody needs it.': [
      'UpdateLoginProfile',
      'DeleteLoginProfile',
    ],
    'The next sweep looks at users under their new names, and closes findings about those that are gone.': ['UpdateUser', 'DeleteUser'],
    'Tags of users are not judged.': ['TagUser', 'UntagUser'],
  },
  reads: [{ action: 'iam:ListMFADevices', resource: anyUser }],
  items: oneByOne(
    'MFA devices of users',
    (UserName) => new ListMFADevicesCommand({ UserName }),
    ({ MFADevices }): User => ({ devices: MFADevices?.length ?? 0 }),
  ),
  targets: (record) => {
    const name = userOf(record);
    return name === undefined ? [] : [{ type: USER, id: name }];
  },
  list: async (read, _place, from) => {
    const command = (Marker?: string) => new ListUsersCommand({ MaxItems: 100, ...(Marker && { Marker }) });
    const page = await onePageBy(
      read,
      command,
      ({ Users }) => Users,
      ({ Marker }) => Marker,
      from,
    );
    return partOf(page, ({ UserName }) => UserName ?? []);
  },
});

/** The name that records of IAM give root, which is no user. */
export const ROOT_NAME = 'AWS ROOT USER';

/** The user that a call of IAM is about: it may leave its own name out, and root has none. */
function userOf({ requestParameters, userIdentity }: CloudTrailRecord): string | undefined {
  const named = stringAt(requestParameters, 'userName');
  if (named === ROOT_NAME) return undefined;
  return named ?? (userIdentity?.type === 'IAMUser' ? userIdentity.userName : undefined);
}
