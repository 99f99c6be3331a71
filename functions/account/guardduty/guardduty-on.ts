import { CreateDetectorCommand, GetAdministratorAccountCommand, GetMembersCommand, UpdateDetectorCommand } from '@aws-sdk/client-guardduty';
import { code, option } from '#shared/control/command.ts';
import { defineControl, type Plan, type Reader, type Target, type Verdict } from '#shared/control/control.ts';
import { type CloudTrailRecord, listAt } from '#shared/control/record.ts';
import { type Administrator, adviceOnStrayed, callOf, endOf, type Lost, leaving, lostBy, strayed } from '../detectors.ts';
import { type GuardDuty, guardDuty } from './kind.ts';

type Hint = Lost & { readonly members: readonly string[] };

interface Facts {
  readonly state: GuardDuty;
  readonly call: string | null;
  readonly administrator: Administrator | null;
  /** Members that this administrator no longer looks at. */
  readonly unmonitored: readonly string[];
}

/** The calls of an administrator after which a member is not looked at; each names some accounts. */
const dropping = ['DeleteMembers', 'DisassociateMembers', 'StopMonitoringMembers'];
const anyDetector = 'arn:{partition}:guardduty:{region}:{account}:detector/*';
const guide = 'https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_suspend-disable.html';
const lost =
  'Its findings, filters, IP and threat lists, exports and choice of features are lost for good; a new detector begins with the defaults of AWS.';

export default defineControl(guardDuty, {
  id: 'guardduty-on',
  title: 'GuardDuty is on',
  why: 'GuardDuty sees stolen credentials, malware and data that leaves. Whoever breaks in turns it off first.',
  remediation:
    'Enables a suspended detector, or makes a new one where it was deleted, and says what the deletion lost. Reports an account that left its administrator, and members that are no longer monitored.',
  severity: 'critical',
  defaultMode: 'approve',
  triggers: [
    { ...guardDuty.calls('UpdateDetector'), where: { requestParameters: { enable: [false] } }, breaks: true },
    { ...guardDuty.calls('DeleteDetector'), breaks: true },
    { ...guardDuty.calls(...leaving, ...dropping), breaks: true, isMistake: false },
  ],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: ['guardduty:GetAdministratorAccount', 'guardduty:GetMembers'].map((action) => ({ action })),
    writes: [
      { action: 'guardduty:UpdateDetector', resource: anyDetector },
      { action: 'guardduty:CreateDetector' },
      {
        action: 'iam:CreateServiceLinkedRole',
        resource: 'arn:{partition}:iam::{account}:role/aws-service-role/guardduty.amazonaws.com/*',
        conditions: { StringEquals: { 'iam:AWSServiceName': 'guardduty.amazonaws.com' } },
        impliedBy: 'The first detector of an account makes the role that GuardDuty works with',
      },
    ],
  },
  references: [guide, 'https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_accounts.html'],
  iac: {
    cloudFormation: 'have an AWS::GuardDuty::Detector with `Enable: true` in each Region.',
    terraform: 'have an aws_guardduty_detector with `enable = true` in each Region.',
    cdk: 'have a `guardduty.CfnDetector` with `enable: true` in each Region.',
  },
  costs: 'AWS bills GuardDuty by the events and data that it looks at, once the free trial of a Region is over.',
  prevention: {
    scp: [
      {
        actions: [
          'guardduty:DeleteDetector',
          'guardduty:DeleteMembers',
          'guardduty:DisassociateFromAdministratorAccount',
          'guardduty:DisassociateFromMasterAccount',
          'guardduty:DisassociateMembers',
          'guardduty:StopMonitoringMembers',
          'guardduty:UpdateDetector',
        ],
      },
    ],
    breaks:
      'Nobody in the accounts can change the features of a detector or remove members: leave the administrator account of GuardDuty out of the policy.',
    references: [guide, 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonguardduty.html'],
  },

  targets: (record, place): readonly Target<Hint>[] =>
    lostBy(record, guardDuty.targets(record, place)).map(({ hint, ...target }) => ({
      ...target,
      ...(hint && { hint: { ...hint, members: membersIn(record) } }),
    })),

  // a second call may drop other members; what the live state shows as right is not reported
  joinHints: (earlier, later) => ({ ...later, members: [...new Set([...earlier.members, ...later.members])].slice(0, 50) }),

  async inspectOne({ state }, read, _context, target): Promise<Facts> {
    const { is, detector } = state;
    if (is !== 'on' || detector === null) return { state, call: callOf(target), administrator: null, unmonitored: [] };
    const { Administrator: account } = await read(new GetAdministratorAccountCommand({ DetectorId: detector }));
    const members = listAt(target.hint, 'members').filter((one) => typeof one === 'string');
    return {
      state,
      call: callOf(target),
      administrator: account?.AccountId ? { account: account.AccountId, status: account.RelationshipStatus ?? 'unknown' } : null,
      unmonitored: members.length === 0 ? [] : await unmonitoredOf(detector, members, read),
    };
  },

  judge({ state: { is, detector }, call, administrator, unmonitored }): Verdict {
    if (is === 'no service') return { is: 'skip', says: 'AWS has no GuardDuty in this Region.' };
    if (is === 'suspended')
      return { is: 'violation', says: 'GuardDuty is suspended: it looks at nothing. Its findings and configuration are kept.' };
    if (is === 'off') {
      const wasDeleted = call === 'DeleteDetector';
      const says = wasDeleted ? `The detector of GuardDuty was deleted. ${lost}` : 'GuardDuty is off in this Region: it has no detector.';
      const advice = wasDeleted ? ['After the fix set its features, filters, lists and exports again.'] : [];
      return { is: 'violation', says, advice, severity: wasDeleted ? 'critical' : 'high' };
    }
    const stray = strayed('GuardDuty', administrator, call);
    if (stray !== undefined) return { is: 'violation', says: stray, severity: 'high', advice: [adviceOnStrayed] };
    if (unmonitored.length === 0) return { is: 'compliant', says: 'GuardDuty is on.' };
    const start = `aws guardduty start-monitoring-members ${option('detector-id', detector ?? '')} --account-ids ${unmonitored.join(' ')}`;
    return {
      is: 'violation',
      says: `GuardDuty no longer monitors these member accounts: ${new Intl.ListFormat('en-GB').format(unmonitored)}.`,
      severity: 'high',
      advice: [`Add members that were removed again, and run ${code(start)}.`],
    };
  },

  plan({ state: { is, detector } }): Plan {
    // what its administrator has to do is left where the detector works
    const rest = { leavesRest: true };
    if (is === 'suspended' && detector !== null)
      return { changes: [{ command: updating(detector, true), says: 'Enable GuardDuty again in this Region.' }], ...rest };
    if (is !== 'off') return { changes: [], ...rest };
    const command = new CreateDetectorCommand({ Enable: true });
    return { changes: [{ command, says: 'Turn GuardDuty on in this Region, with a new detector.' }], ...rest };
  },

  before: ({ state: { is } }) => ({ is: endOf(is) }),

  undo(before, { state: { is, detector } }): Plan {
    if (before.is !== 'suspended' || is !== 'on' || detector === null) return { changes: [] };
    return { changes: [{ command: updating(detector, false), says: 'Suspend GuardDuty again; its detector is not deleted.' }] };
  },
});

function updating(DetectorId: string, Enable: boolean): UpdateDetectorCommand {
  return new UpdateDetectorCommand({ DetectorId, Enable });
}

/** The accounts that a call of an administrator names; no others are looked for. */
function membersIn({ eventName, requestParameters }: CloudTrailRecord): string[] {
  if (!dropping.includes(eventName)) return [];
  return listAt(requestParameters, 'accountIds').filter((one) => typeof one === 'string' && /^\d{12}$/.test(one)) as string[];
}

/** Those of the accounts that are no member, or one that is not looked at. */
async function unmonitoredOf(DetectorId: string, AccountIds: string[], read: Reader): Promise<string[]> {
  const { Members = [] } = await read(new GetMembersCommand({ DetectorId, AccountIds }));
  const monitored = Members.filter(({ RelationshipStatus }) => RelationshipStatus?.toLowerCase() === 'enabled').map(
    ({ AccountId }) => AccountId,
  );
  return AccountIds.filter((id) => !monitored.includes(id)).sort();
}
