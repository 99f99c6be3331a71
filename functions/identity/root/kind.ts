import { GetAccountSummaryCommand } from '@aws-sdk/client-iam';
import { accountSetting } from '#shared/control/setting.ts';

/** What AWS says of root; null where it does not say. */
export type RootState = {
  readonly hasMfa: boolean;
  /** Whether root has a password, an access key or a signing certificate; what AWS does not say counts as there. */
  readonly hasCredentials: boolean;
  readonly hasAccessKey: boolean;
};

/** Root's own credentials, of which each account has one set for all Regions. */
export const rootCredentials = accountSetting<RootState>({
  noun: 'root',
  plural: 'Credentials of root',
  eventSource: 'iam.amazonaws.com',
  console: '/iam/home#/security_credentials',
  isGlobal: true,
  changed: ['DeactivateMFADevice', 'EnableMFADevice'],
  reads: [{ action: 'iam:GetAccountSummary' }],
  async read(read) {
    const { SummaryMap = {} } = await read(new GetAccountSummaryCommand({}));
    const has = (name: keyof typeof SummaryMap) => SummaryMap[name] !== 0;
    return {
      state: {
        hasMfa: SummaryMap['AccountMFAEnabled'] === 1,
        hasCredentials: has('AccountPasswordPresent') || has('AccountAccessKeysPresent') || has('AccountSigningCertificatesPresent'),
        hasAccessKey: (SummaryMap['AccountAccessKeysPresent'] ?? 0) > 0,
      },
    };
  },
  // it only reports: nobody but root itself can register a device of root
  restore: () => [],
});
