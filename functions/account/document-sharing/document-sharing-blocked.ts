import { UpdateServiceSettingCommand } from '@aws-sdk/client-ssm';
import { documentsIn, isGone, ownDocuments, sharingOf, sharingReads } from '#shared/aws/documents.ts';
import { firstItems, onePage, partOf } from '#shared/aws/pages.ts';
import { defineControl, type Plan, type Reader, type Verdict } from '#shared/control/control.ts';
import { areOrIs, NAMED, named, notAsked, type Public } from '../public.ts';
import { type DocumentSharing, documentSharing, SETTING, settingArn } from './kind.ts';

interface Seen {
  readonly open: Public;
  /** Whether nothing more may be public than what is known to be. */
  readonly isWhole: boolean;
}

type Facts = DocumentSharing & Seen;

const BLOCKED = 'Disable';
/** So many documents are looked at, each by a call of its own; an account may have 500. */
const MOST = 200;
/** So many at once, for AWS throttles a burst. */
const AT_ONCE = 10;
const guide = 'https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html';
const UNSEEN = `Only the first ${MOST} documents were looked at, so others may be public`;

export default defineControl(documentSharing, {
  id: 'document-sharing-blocked',
  title: 'Public sharing of SSM documents is blocked',
  why: 'One call makes a document public, and then any AWS account can read its text and run it. The block makes that call impossible.',
  remediation:
    'Blocks public sharing of documents in the Region. Asks first where a document is public, for whatever publishes documents would fail.',
  severity: 'high',
  defaultMode: 'fix',
  triggers: [...documentSharing.created],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [{ action: 'ssm:ListDocuments' }, ...sharingReads],
    writes: ['ssm:UpdateServiceSetting', 'ssm:ResetServiceSetting'].map((action) => ({ action, resource: settingArn })),
  },
  references: [guide, 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_UpdateServiceSetting.html'],
  iac: {
    // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2458
    cloudFormation: `have an AWS::SSM::ServiceSetting with \`SettingId: ${SETTING}\` and \`SettingValue: ${BLOCKED}\` in each Region.`,
    terraform: `have an aws_ssm_service_setting with \`setting_id = "${SETTING}"\` and \`setting_value = "${BLOCKED}"\` in each Region.`,
    cdk: `have an ssm.CfnServiceSetting with \`settingId: '${SETTING}'\` and \`settingValue: '${BLOCKED}'\` in each Region.`,
  },
  prevention: {
    scp: [
      {
        actions: ['ssm:UpdateServiceSetting', 'ssm:ResetServiceSetting'],
        resources: [`arn:*:ssm:*:*:servicesetting${SETTING}`],
      },
    ],
    breaks: 'Nobody can change the setting, so block public sharing before you attach the policy.',
    references: [guide, 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html'],
  },

  async inspectOne({ state }, read): Promise<Facts> {
    const isAsked = state.value !== null && state.value !== BLOCKED;
    return { ...state, ...(isAsked ? await publicDocuments(read) : { open: notAsked, isWhole: true }) };
  },

  judge({ value, open, isWhole }): Verdict {
    if (value === null) return { is: 'skip', says: 'AWS has no setting for public sharing of documents in this Region.' };
    if (value === BLOCKED) return { is: 'compliant', says: 'Public sharing of SSM documents is blocked.' };
    const what = 'Public sharing of SSM documents is not blocked: everybody who may share a document can make it public';
    if (open.ids.length === 0) return { is: 'violation', says: `${what}. ${isWhole ? 'No document is public' : UNSEEN}.`, risk: what };
    return {
      is: 'violation',
      says: `${what}. Public now: ${named(open)}.${isWhole ? '' : ` ${UNSEEN}.`}`,
      // each public document is reported for itself
      risk: what,
      advice: ['If these documents are public on purpose, exempt this setting; if not, make them private, and approve the fix.'],
    };
  },

  plan({ open, isWhole }): Plan {
    const command = new UpdateServiceSettingCommand({ SettingId: SETTING, SettingValue: BLOCKED });
    const changes = [{ command, says: 'Block public sharing of SSM documents in this Region.' }];
    if (open.ids.length === 0 && isWhole) return { changes };
    // [U] AWS does not say whether what is public stays so
    const why = open.ids.length === 0 ? UNSEEN : `${named(open)} ${areOrIs(open)} public, and whatever publishes documents would fail`;
    return { changes, needsApproval: `A person should look first: ${why}.` };
  },

  before: ({ value, isDefault }): DocumentSharing => ({ value, isDefault }),
});

/** Which of the account's own documents are public; once there are more than a sentence names, the rest is not looked at. */
async function publicDocuments(read: Reader): Promise<Seen> {
  const { items, isComplete } = await firstItems(MOST, async (from) =>
    partOf(await onePage(read, ownDocuments, documentsIn, from), ({ Name }) => Name ?? []),
  );
  const open: string[] = [];
  for (let at = 0; at < items.length && open.length <= NAMED; at += AT_ONCE) {
    const part = items.slice(at, at + AT_ONCE).map(async (name) => ((await isPublic(name, read)) ? name : []));
    open.push(...(await Promise.all(part)).flat());
  }
  const areMore = open.length > NAMED;
  return { open: { ids: open.sort().slice(0, NAMED), isComplete: !areMore }, isWhole: isComplete || areMore };
}

/** Whether a document is public; one that is deleted meanwhile is not. */
async function isPublic(name: string, read: Reader): Promise<boolean> {
  try {
    return (await sharingOf(name, read)).with !== null;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}
