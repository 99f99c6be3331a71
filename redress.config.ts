import type { RedressConfig } from './shared/config.ts';

/**
 * What Redress does in your accounts. This file is the only one you edit; `npx cdk diff` shows what a change does.
 * With nothing set, each control has its own default mode: `npx redress controls` lists them.
 */
const config: RedressConfig = {
  // Per control, for every account and Region: `off`, `observe` (tell), `approve` (fix after a person's word), `fix`;
  // and the control's own settings.
  controls: {
    // 'volume-encrypted': { mode: 'fix', settleSeconds: 900 },
  },

  // The same per account, and per Region of an account: the most specific entry wins, key by key.
  // The stack carries them all and picks its own at run time, so one template serves every account and Region.
  accounts: {
    // '123456789012': {
    //   controls: { 'volume-encrypted': { mode: 'approve' } },
    //   regions: { 'eu-west-1': { controls: { 'ebs-default-encryption': { kmsKey: 'alias/ebs' } } } },
    // },
  },

  // Resources that are left alone: by id, or by its beginning with a final `*`. All four facts are needed.
  exemptions: [
    // { control: 'volume-encrypted', resource: 'vol-0123456789abcdef0', owner: 'data team', reason: 'being migrated', until: '2027-01-31' },
  ],

  // Who is told by e-mail; AWS asks each to confirm. Anything else can subscribe to the stack's `TopicArn`.
  // `slack.actions` lets the people it names act from Slack: see docs/slack-actions.md.
  alerts: { emails: [] },

  // Redress sees calls through CloudTrail. Set this to true where the account has no trail of management events yet.
  trail: false,
};

export default config;
