import { token } from '../../fixtures/secrets.ts';
import { type Account, documentsWorld, type Stored } from './world.ts';

/** The document of the preferences, by which every test knows it. */
export const name = 'SSM-SessionManagerRunShell';
export const bucket = 'shop-session-logs';
export const group = '/ssm/sessions';
/** Who runs commands on the nodes: nobody's business but theirs. */
export const runAs = 'etl-readonly-person';

/** Preferences as the console writes them; what is given goes over the inputs, and what is undefined goes. */
export function content(inputs: object = {}, others: object = {}): string {
  return JSON.stringify({
    schemaVersion: '1.0',
    description: 'Document to hold regional settings for Session Manager — ünïcode, "quoted" \u2028',
    sessionType: 'Standard_Stream',
    ...others,
    inputs: {
      s3BucketName: bucket,
      s3KeyPrefix: 'sessions/',
      s3EncryptionEnabled: false,
      cloudWatchLogGroupName: group,
      cloudWatchEncryptionEnabled: false,
      cloudWatchStreamingEnabled: true,
      kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/0f',
      idleSessionTimeout: '20',
      maxSessionDuration: '',
      runAsEnabled: true,
      runAsDefaultUser: runAs,
      shellProfile: { windows: '', linux: `export GITHUB_TOKEN=${token}\nexec bash\t-l` },
      ...inputs,
    },
  });
}

/** An account whose preferences have these versions, with an encrypted bucket and an encrypted log group. */
export const preferencesWorld =
  (versions: readonly string[] = [content()], account: Account = {}, stored: Partial<Stored> = {}) =>
  () =>
    documentsWorld({
      documents: { [name]: { versions: [...versions], ...stored } },
      buckets: { [bucket]: {} },
      groups: { [`${group}-others`]: undefined, [group]: 'arn:aws:kms:eu-west-1:111122223333:key/0e' },
      ...account,
    });
