import { defineConfig } from './infra/define-config.ts';

/**
 * What Redress does in your accounts. This file is the only one you edit; `npx cdk diff` shows what a change does.
 * With nothing set, each control has its own default mode: `npx redress controls` lists them.
 * The compiler knows every control and its settings, so an editor completes them; `npm run check` names what is wrong.
 */
export default defineConfig({
  // Per control, for every account and Region: `off`, `observe` (report), `approve` (fix after a person's word), `fix`;
  // and the control's own settings.
  controls: {
    // 'volume-encrypted': { mode: 'fix', settleSeconds: 900 },
  },

  // Settings that several controls share, such as the names of the owner's tags: docs/tags.md.
  common: {
    // ownerTags: { prefix: 'created:', pseudonyms: true },
  },

  // The same per account, and per Region of an account: the most specific entry wins, key by key.
  // The stack carries them all and picks its own at run time, so one template serves every account and Region.
  accounts: {
    // '123456789012': {
    //   controls: { 'volume-encrypted': { mode: 'approve' } },
    //   regions: { 'eu-west-1': { controls: { 'ebs-default-encryption': { kmsKey: 'alias/ebs' } } } },
    // },
  },

  // The same per OU of your organization, with the accounts that are in it. `npx redress config --account 123456789012` shows what
  // holds in an account, and which of these says so: docs/configuration.md.
  // With `hub`, this deployment serves them all: docs/organizations.md.
  // organization: {
  //   id: 'o-a1b2c3d4e5', hub: true, regions: ['eu-west-1'],
  //   ous: {
  //     sandbox: { accounts: ['222233334444'], controls: { 'volume-encrypted': { mode: 'fix' } } },
  //     workloads: { ous: { production: { accounts: ['123456789012'], controls: { 'volume-encrypted': { mode: 'observe' } } } } },
  //   },
  // },

  // Resources that Redress leaves unchanged: by id, or by its beginning with a final `*`. All four facts are needed.
  exemptions: [
    // `account: '444455556666'` keeps it to one account; without it, it holds wherever this config does
    // { control: 'volume-encrypted', resource: 'vol-0123456789abcdef0', owner: 'data team', reason: 'being migrated', until: '2027-01-31' },
  ],

  // The roles that your tools work with: what these make, Redress leaves unchanged. Tags and user agents only claim so, and then
  // `claims` says what happens: `ask` a person (the default), `skip` or `fix`. docs/safety.md#managed-by-code
  managedBy: {
    // terraform: ['arn:aws:iam::*:role/deploy-*'],
  },

  // Who gets alerts, and how; docs/alerts.md has all of it.
  alerts: {
    // By e-mail; AWS asks each to confirm. Anything else can subscribe to the stack's `TopicArn`.
    emails: [],
    // Slack: what is secret (a bot's token, a webhook's address) stands in SecureString parameters, which are named here.
    // slack: {
    //   channels: {
    //     security: { tokenParameter: '/redress/slack/token', channel: 'C0123456789' },
    //     storage: { webhookParameter: '/redress/slack/storage-webhook' },
    //   },
    //   actions: { … },                                               // lets people act from Slack: docs/slack-actions.md
    //   owners: { 'shop': 'S0123456789', 'dana@example.com': 'U0123456789' },   // who is mentioned, by tag, ARN or name
    // },
    // Each route that fits adds its destinations; what no route takes goes to the topic.
    // routes: [{ atLeast: 'high', to: ['slack:security', 'topic'] }, { controls: ['volume-encrypted'], to: ['slack:storage'] }],
    // quiet: ['exempt', 'skipped'],                                  // statuses that start no message
    // ownerTag: 'team',                                              // the tag that names a resource's owner
    // docs: 'https://github.com/example/redress/blob/main/docs',     // where links to the controls' pages lead
    // amazonQ: true,                                                 // a topic for Amazon Q Developer in chat applications
    // securityHub: true,                                             // import findings into Security Hub
  },

  // Redress sees calls through CloudTrail. Set this to true where the account has no trail of management events yet.
  trail: false,

  // A dashboard of violations, fixes and queues; the first three of an account are free, see docs/cost.md.
  dashboard: true,
});
