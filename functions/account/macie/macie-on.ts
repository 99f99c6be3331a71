import { EnableMacieCommand, GetAdministratorAccountCommand, UpdateMacieSessionCommand } from '@aws-sdk/client-macie2';
import { ifThere } from '#shared/aws/loaders.ts';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { type Administrator, adviceOnStrayed, callOf, endOf, leaving, lostBy, strayed } from '../detectors.ts';
import { type Macie, macie } from './kind.ts';

interface Facts extends Macie {
  readonly call: string | null;
  readonly administrator: Administrator | null;
}

const guide = 'https://docs.aws.amazon.com/macie/latest/user/macie-suspend-disable.html';
const lost =
  'Its settings, classification jobs, custom identifiers, allow lists and findings are deleted; turning it on again does not bring them back.';

export default defineControl(macie, {
  id: 'macie-on',
  title: 'Macie stays on where it was on',
  why: 'Macie sees which buckets are public and which objects hold personal data. While it is paused or off nobody does, and what it knew may be gone.',
  remediation:
    'Resumes a paused Macie, or enables it again where somebody disabled it, and says what that lost. Reports an account that left its administrator. A Region where nobody uses Macie is left unchanged.',
  severity: 'high',
  defaultMode: 'approve',
  triggers: [
    { ...macie.calls('UpdateMacieSession'), where: { requestParameters: { status: ['PAUSED'] } }, breaks: true },
    { ...macie.calls('DisableMacie'), breaks: true },
    { ...macie.calls(...leaving), breaks: true, isMistake: false },
  ],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [{ action: 'macie2:GetAdministratorAccount' }],
    writes: [
      { action: 'macie2:UpdateMacieSession' },
      { action: 'macie2:EnableMacie' },
      {
        action: 'iam:CreateServiceLinkedRole',
        resource: 'arn:{partition}:iam::{account}:role/aws-service-role/macie.amazonaws.com/*',
        conditions: { StringEquals: { 'iam:AWSServiceName': 'macie.amazonaws.com' } },
        impliedBy: 'Enabling Macie makes the role that it works with, where that is gone',
      },
    ],
  },
  references: [guide, 'https://docs.aws.amazon.com/macie/latest/user/macie-accounts.html'],
  iac: {
    cloudFormation: 'have an AWS::Macie::Session with `Status: ENABLED` in each Region that has one.',
    terraform: 'have an aws_macie2_account with `status = "ENABLED"` in each Region that has one.',
    cdk: "have a `macie.CfnSession` with `status: 'ENABLED'` in each Region that has one.",
  },
  costs: 'AWS bills Macie by the buckets that it watches and the data that it reads, once the free trial of a Region is over.',
  prevention: {
    scp: [
      {
        actions: [
          'macie2:DisableMacie',
          'macie2:DisassociateFromAdministratorAccount',
          'macie2:DisassociateFromMasterAccount',
          'macie2:UpdateMacieSession',
        ],
      },
    ],
    breaks: 'Nobody can change how often Macie publishes findings, for the same call sets that.',
    references: [guide, 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmacie.html'],
  },

  targets: (record, place) => lostBy(record, macie.targets(record, place)),

  joinHints: (_earlier, later) => later,

  async inspectOne({ state }, read, _context, target): Promise<Facts> {
    const facts = { ...state, call: callOf(target), administrator: null };
    if (state.is !== 'on') return facts;
    // without an administrator AWS answers nothing, or finds none
    const found = await ifThere(read(new GetAdministratorAccountCommand({})));
    const { accountId, relationshipStatus: status = 'unknown' } = found?.administrator ?? {};
    return accountId ? { ...facts, administrator: { account: accountId, status } } : facts;
  },

  judge({ is, call, administrator }): Verdict {
    if (is === 'no service') return { is: 'skip', says: 'AWS has no Macie in this Region.' };
    if (is === 'suspended') return { is: 'violation', says: 'Macie is paused: it looks at no bucket. Its settings and findings are kept.' };
    if (is === 'off') {
      // what no call shows to have been on is nobody's loss
      if (call !== 'DisableMacie') return { is: 'compliant', says: 'Macie is not used in this Region.' };
      const advice = ['After the fix set its jobs, identifiers, lists and exports again.'];
      return { is: 'violation', says: `Macie was disabled. ${lost}`, advice };
    }
    const stray = strayed('Macie', administrator, call);
    if (stray === undefined) return { is: 'compliant', says: 'Macie is on.' };
    return { is: 'violation', says: stray, advice: [adviceOnStrayed] };
  },

  plan({ is }): Plan {
    if (is === 'suspended')
      return {
        changes: [{ command: new UpdateMacieSessionCommand({ status: 'ENABLED' }), says: 'Resume Macie in this Region.' }],
        leavesRest: true,
      };
    if (is !== 'off') return { changes: [], leavesRest: true };
    return {
      changes: [{ command: new EnableMacieCommand({ status: 'ENABLED' }), says: 'Enable Macie again in this Region.' }],
      leavesRest: true,
    };
  },

  before: ({ is }): Macie => ({ is: endOf(is) }),
});
