import { CreateDocumentCommand, DescribeDocumentPermissionCommand, ModifyDocumentPermissionCommand } from '@aws-sdk/client-ssm';
import type { End, Sort } from './sort.ts';

const Content = JSON.stringify({
  schemaVersion: '2.2',
  mainSteps: [{ action: 'aws:runShellScript', name: 'run', inputs: { runCommand: ['df -h'] } }],
});

/** What the storm makes of this. */
export const documents: readonly Sort[] = [
  {
    kind: 'document',
    control: 'document-private',
    status: 'fixed',
    weight: 6,
    async make({ ssm }, name) {
      await ssm.send(new CreateDocumentCommand({ Name: name, Content, DocumentType: 'Command', DocumentFormat: 'JSON' }));
      await ssm.send(new ModifyDocumentPermissionCommand({ Name: name, PermissionType: 'Share', AccountIdsToAdd: ['all'] }));
      return name;
    },
    async ends({ ssm }, ids) {
      const ends = new Map<string, End>();
      for (const Name of ids) {
        const { AccountIds = [] } = await ssm.send(new DescribeDocumentPermissionCommand({ Name, PermissionType: 'Share' }));
        ends.set(Name, { isRight: AccountIds.length === 0, twice: 0 });
      }
      return ends;
    },
  },
];
