import { GetAccountSummaryCommand, GetLoginProfileCommand, IAMClient, ListMFADevicesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { sendWith } from '#shared/aws/clients.ts';
import { awsError, type World } from '../harness.ts';

/** A user of IAM: its devices, and since when it has a password. */
export interface KnownUser {
  devices: number;
  passwordSince?: string;
}

/** What an account of IAM holds; users can change while a test runs. */
export interface IamAccount {
  readonly users?: { [name: string]: KnownUser };
  readonly summary?: { [key: string]: number };
}

/** An IAM that answers as AWS does. */
export function iamWorld({ users = {}, summary = {} }: IamAccount = {}): World & { readonly users: { [name: string]: KnownUser } } {
  const iam = mockClient(IAMClient);
  const user = (name: string | undefined): KnownUser => {
    const found = users[name ?? ''];
    if (!found) throw awsError('NoSuchEntityException', `The user with name ${name} cannot be found.`, 404);
    return found;
  };
  iam.on(ListUsersCommand).callsFake(() => ({ Users: Object.keys(users).map((UserName) => ({ UserName })), IsTruncated: false }));
  iam.on(ListMFADevicesCommand).callsFake(({ UserName }) => ({
    MFADevices: Array.from({ length: user(UserName).devices }, (_, n) => ({
      UserName,
      SerialNumber: `arn:aws:iam::1:mfa/${UserName}-${n}`,
    })),
    IsTruncated: false,
  }));
  iam.on(GetLoginProfileCommand).callsFake(({ UserName }) => {
    const { passwordSince } = user(UserName);
    if (!passwordSince) throw awsError('NoSuchEntityException', `Login Profile for User ${UserName} cannot be found.`, 404);
    return { LoginProfile: { UserName, CreateDate: new Date(passwordSince), PasswordResetRequired: false } };
  });
  iam.on(GetAccountSummaryCommand).callsFake(() => ({ SummaryMap: summary }));
  return { users, send: sendWith({ iam: () => new IAMClient({}) }), restore: () => void iam.restore() };
}
