import { ModifyDocumentPermissionCommand } from '@aws-sdk/client-ssm';
import { anyDocument, isGone, type Sharing, sharingOf, sharingReads } from '#shared/aws/documents.ts';
import { madeWith } from '#shared/control/actor.ts';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { adviceOn, contentReads, type Leak, leaksOf, sayLeaks } from './content.ts';
import { documents } from './kind.ts';

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
    reads: [...sharingReads, ...contentReads],
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
    none: 'No condition key tells everybody from one account, so a policy would stop all sharing. `document-sharing-blocked` makes public sharing impossible.',
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
