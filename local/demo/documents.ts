import {
  CreateDocumentCommand,
  DescribeDocumentPermissionCommand,
  ModifyDocumentPermissionCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { LocalCloud } from '../cloud.ts';
import { stringAt } from '../json.ts';
import { DEMO_SECRET } from './secret.ts';
import type { Step } from './step.ts';

const Name = 'shop-deploy';
const Content = JSON.stringify({
  schemaVersion: '2.2',
  mainSteps: [{ action: 'aws:runShellScript', name: 'run', inputs: { runCommand: ['systemctl restart shop'] } }],
});

/** The scene of Systems Manager: a document for everybody is private again, and a secret in a command is reported by its place. */
export function documentStep(cloud: LocalCloud, client: ConstructorParameters<typeof SSMClient>[0]): Step {
  const ssm = new SSMClient(client ?? {});
  let command = '';
  const is = (id: string, control: string, status: string) =>
    cloud
      .findings()
      .some((one) => stringAt(one, 'resource', 'id') === id && stringAt(one, 'control') === control && stringAt(one, 'status') === status);

  return {
    title: 'A document for everybody, and a secret in a command',
    async act() {
      await ssm.send(new CreateDocumentCommand({ Name, Content, DocumentType: 'Command', DocumentFormat: 'JSON' }));
      await ssm.send(new ModifyDocumentPermissionCommand({ Name, PermissionType: 'Share', AccountIdsToAdd: ['All'] }));
      const Parameters = { commands: [`echo "PAYMENT_KEY=${DEMO_SECRET}" >> /srv/shop/.env`] };
      const { Command } = await ssm.send(new SendCommandCommand({ DocumentName: 'AWS-RunShellScript', InstanceIds: [], Parameters }));
      command = Command?.CommandId ?? '';
      return [
        { who: 'dana', call: 'ssm:ModifyDocumentPermission', made: `${Name} is shared with All` },
        { who: 'dana', call: 'ssm:SendCommand', made: command },
      ];
    },
    expectations: () => [
      {
        says: 'the document is private again',
        holds: async () => {
          const { AccountIds = [] } = await ssm.send(new DescribeDocumentPermissionCommand({ Name, PermissionType: 'Share' }));
          return AccountIds.length === 0 && is(Name, 'document-private', 'fixed');
        },
      },
      {
        says: 'the command has a finding, which names the place of the secret and never shows it',
        holds: () => is(command, 'command-no-secrets', 'open') && !JSON.stringify(cloud.announcements()).includes(DEMO_SECRET),
      },
    ],
  };
}
