import { type AccountSharingInfo, DescribeDocumentPermissionCommand, ModifyDocumentPermissionCommand } from '@aws-sdk/client-ssm';
import { pages } from '#shared/aws/pages.ts';
import { madeWith } from '#shared/control/actor.ts';
import { defineControl, type Plan, type Reader, type Verdict } from '#shared/control/control.ts';
import { adviceOn, contentReads, isGone, type Leak, leaksOf, sayLeaks } from './content.ts';
import { documents } from './kind.ts';
import { anyDocument } from './names.ts';

/** How a document is public: the word for everybody as AWS shows it, and the version that they get; null where it is private. */
type Sharing = { readonly with: string | null; readonly version: string | null };

interface Facts {
  readonly name: string;
  readonly sharing: Sharing;
  /** What strangers may have read. */
  readonly leaks: readonly Leak[];
}

const sharing = 'ModifyDocumentPermission';

export default defineControl(documents, {
  id: 'document-private',
  title: 'SSM documents are private',
  why: 'Every AWS account can read and run a public document, and its text often shows how your systems are built.',
  remediation: 'Removes public sharing. Accounts that it is shared with by id keep their access.',
  severity: 'critical',
  defaultMode: 'approve',
  // [U] no record of it is public: the live document says whether it is shared with all, and so no replay says it of each such call
  triggers: [{ ...documents.calls(sharing), breaks: true, isMistake: false }],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    reads: [{ action: 'ssm:DescribeDocumentPermission', resource: anyDocument }, ...contentReads],
    writes: [{ action: `ssm:${sharing}`, resource: anyDocument }],
  },
  references: [
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-ssm-sharing.html',
    'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ModifyDocumentPermission.html',
  ],
  iac: {
    // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1217
    cloudFormation: 'no property of AWS::SSM::Document shares one: look who called ModifyDocumentPermission, and change that.',
    terraform: 'take `account_ids = "All"` out of `permissions` of the aws_ssm_document, or name the accounts by their ids.',
    cdk: 'no property of `ssm.CfnDocument` shares one: look who called ModifyDocumentPermission, and change that.',
  },
  prevention: {
    none: 'No condition key tells everybody from one account, so a policy would stop all sharing. Block public sharing in the settings of Systems Manager.',
  },

  // who shared it, for that is what is judged, whoever made the document
  targets: (record, place) => documents.targets(record, place).map((target) => ({ ...target, hint: madeWith(record) })),

  async inspectOne(item, read): Promise<Facts | undefined> {
    const name = item.Name ?? '';
    try {
      const shared = await sharingOf(name, read);
      return { name, sharing: shared, leaks: shared.with === null ? [] : await leaksOf(item, read) };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  },

  judge({ name, sharing: { with: everybody, version }, leaks }): Verdict {
    if (everybody === null) return { is: 'compliant', says: 'It is not public.' };
    const which = version === null ? '' : ` (version ${version})`;
    const secrets =
      leaks.length > 0 ? ` It holds what looks like secrets, which strangers may have read: ${sayLeaks(leaks)}. Rotate them first.` : '';
    return { is: 'violation', says: `Every AWS account can read and run it${which}.${secrets}`, advice: adviceOn(leaks, name) };
  },

  plan: ({ name, sharing: { with: everybody } }): Plan => ({
    changes:
      everybody === null
        ? []
        : [
            {
              command: new ModifyDocumentPermissionCommand({ Name: name, PermissionType: 'Share', AccountIdsToRemove: [everybody] }),
              says: `Remove public sharing from ${name}.`,
            },
          ],
  }),

  before: ({ sharing: shared }) => shared,

  undo({ with: everybody, version }, { name, sharing: now }): Plan {
    if (everybody === null || now.with !== null) return { changes: [] };
    const command = new ModifyDocumentPermissionCommand({
      Name: name,
      PermissionType: 'Share',
      AccountIdsToAdd: [everybody],
      ...(version !== null && { SharedDocumentVersion: version }),
    });
    return { changes: [{ command, says: `Make ${name} public again.` }] };
  },
});

/** Whether it is public, page by page; AWS takes the word in any case, and may show it as it was typed. */
async function sharingOf(Name: string, read: Reader): Promise<Sharing> {
  const shared = await pages(
    read,
    (token) => new DescribeDocumentPermissionCommand({ Name, PermissionType: 'Share', MaxResults: 200, ...token }),
    ({ AccountIds = [], AccountSharingInfoList = [] }) => [
      ...AccountSharingInfoList,
      ...AccountIds.map((AccountId): AccountSharingInfo => ({ AccountId })),
    ],
  );
  const all = shared.filter(({ AccountId = '' }) => /^all$/i.test(AccountId));
  return { with: all[0]?.AccountId ?? null, version: all.find((one) => one.SharedDocumentVersion)?.SharedDocumentVersion ?? null };
}
