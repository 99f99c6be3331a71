import { CreateDetectorCommand, GuardDutyClient, ListDetectorsCommand, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import { CreateKeyCommand, DescribeKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { EnableMacieCommand, Macie2Client, UpdateMacieSessionCommand } from '@aws-sdk/client-macie2';
import { PutPublicAccessBlockCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { namedEndpoint } from '../../../local/runtime/localhost-names.ts';
import type { End, Sort } from './sort.ts';

/** A guard that is only observed: each call lowers it, and all of them are one finding. */
const lowered = { status: 'would-fix', weight: 1 } as const;

/** What the storm makes of this. */
export const guards: readonly Sort[] = [
  {
    kind: 'key',
    control: 'key-usable',
    status: 'fixed',
    weight: 4,
    async make({ settings, ssm }, name) {
      const kms = new KMSClient(settings);
      const { KeyMetadata: { KeyId = '' } = {} } = await kms.send(new CreateKeyCommand({ Description: name }));
      await ssm.send(new PutParameterCommand({ Name: `/${name}/needs-a-key`, Value: 'a-value', Type: 'SecureString', KeyId }));
      await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
      return KeyId;
    },
    async ends({ settings }, ids) {
      const kms = new KMSClient(settings);
      const ends = new Map<string, End>();
      for (const KeyId of ids) {
        const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
        ends.set(KeyId, { isRight: KeyMetadata?.KeyState === 'Enabled', twice: 0 });
      }
      return ends;
    },
  },
  {
    ...lowered,
    kind: 'guardduty',
    control: 'guardduty-on',
    async make({ settings, id }) {
      const guardDuty = new GuardDutyClient(settings);
      // one of several that make it at once does
      await guardDuty.send(new CreateDetectorCommand({ Enable: false })).catch(() => undefined);
      const { DetectorIds: [DetectorId] = [] } = await guardDuty.send(new ListDetectorsCommand({}));
      await guardDuty.send(new UpdateDetectorCommand({ DetectorId, Enable: false }));
      return id;
    },
  },
  {
    ...lowered,
    kind: 'macie',
    control: 'macie-on',
    async make({ settings, id }) {
      const macie = new Macie2Client(settings);
      await macie.send(new EnableMacieCommand({ status: 'PAUSED' })).catch(() => undefined);
      await macie.send(new UpdateMacieSessionCommand({ status: 'PAUSED' }));
      return id;
    },
  },
  {
    ...lowered,
    kind: 'bucket-public-access',
    control: 'bucket-public-access-blocked',
    async make({ settings, id: AccountId }) {
      const s3 = new S3ControlClient({ ...settings, endpoint: namedEndpoint(settings.endpoint) });
      await s3.send(new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration: { BlockPublicAcls: false } }));
      return AccountId;
    },
  },
];
