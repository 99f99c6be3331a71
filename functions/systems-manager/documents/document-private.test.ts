import { ModifyDocumentPermissionCommand } from '@aws-sdk/client-ssm';
import { byTerraform, scheduled } from '../../../test/fixtures/events.ts';
import { token } from '../../../test/fixtures/secrets.ts';
import { arn, shareDocument } from '../../../test/support/documents/events.ts';
import { documentsWorld, type Stored } from '../../../test/support/documents/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './document-private.ts';

const plain = JSON.stringify({ schemaVersion: '2.2', mainSteps: [{ action: 'aws:runShellScript', inputs: { runCommand: ['df -h'] } }] });
const leaking = JSON.stringify({
  schemaVersion: '2.2',
  mainSteps: [{ action: 'aws:runShellScript', inputs: { runCommand: ['set -e', `git clone https://x:${token}@github.com/shop/app`] } }],
});
const world =
  (stored: Partial<Stored> = {}) =>
  () =>
    documentsWorld({ documents: { deploy: { versions: [plain], ...stored } } });
const open = { sharedWith: ['all'] };
const remove = (id = 'all') => new ModifyDocumentPermissionCommand({ Name: 'deploy', PermissionType: 'Share', AccountIdsToRemove: [id] });
const shared = shareDocument('deploy', ['all']);
const stack = { tags: [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }] };
const says = 'Found: Every AWS account can read and run it. Now: It is not public.';

testControl(control, {
  valid: [
    { name: 'a document shared with nobody', world: world(), event: shared },
    {
      name: 'one shared with accounts by their ids',
      world: world({ sharedWith: ['444455556666'] }),
      event: shareDocument('deploy', ['444455556666']),
    },
    {
      name: 'a call about a document of another account',
      world: world(open),
      event: shareDocument(arn('deploy', '444455556666'), ['all']),
    },
    { name: 'a call whose record names nothing', world: world(open), event: shareDocument('', []) },
    {
      name: 'a public document that AWS owns, which no sweep of ours lists',
      world: () => documentsWorld({ documents: { 'AWS-RunShellScript': { versions: [plain], owner: 'Amazon', ...open } } }),
      event: scheduled(),
    },
  ],
  invalid: [
    { name: 'a document shared with all', world: world(open), event: shared, sends: [remove()], status: 'fixed', says },
    {
      name: 'one that the record names by its ARN',
      world: world(open),
      event: shareDocument(arn('deploy'), ['All']),
      sends: [remove()],
      status: 'fixed',
      says,
    },
    {
      // https://github.com/hashicorp/terraform-provider-aws/issues/36708: the word is written `All` in most code
      name: 'one that AWS shows as shared with `All` (terraform-provider-aws#36708)',
      world: world({ sharedWith: ['All'] }),
      event: shareDocument('deploy', ['All']),
      sends: [remove('All')],
      status: 'fixed',
      says,
    },
    {
      name: 'one that the sweep finds, of which nobody knows who shared it',
      world: world({ ...open, sharedVersion: '$LATEST' }),
      event: scheduled(),
      isApproved: true,
      sends: [remove()],
      status: 'fixed',
      says: /can read and run it \(version \$LATEST\)/,
    },
    {
      name: 'one that holds a secret, which strangers may have read',
      world: world({ ...open, versions: [leaking] }),
      event: shared,
      secret: token,
      sends: [remove()],
      status: 'fixed',
      says: /strangers may have read: .* in mainSteps\[0\]\.inputs\.runCommand\[1\] of version 1\. Rotate them first\./,
    },
    {
      name: 'what that finding advises while it waits',
      world: world({ ...open, versions: [leaking] }),
      event: shared,
      mode: 'approve',
      secret: token,
      sends: [],
      status: 'awaiting-approval',
      says: /Rotate them first/,
      advice: /Change each secret where it is used/,
    },
    {
      // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1217: a template cannot share one
      name: "a stack's, shared by hand (cloudformation-coverage-roadmap#1217)",
      world: world({ ...open, ...stack }),
      event: shared,
      sends: [remove()],
      status: 'fixed',
      says,
    },
    {
      name: 'the same once a person agreed',
      world: world({ ...open, ...stack }),
      event: shared,
      mode: 'approve',
      isApproved: true,
      sends: [remove()],
      status: 'fixed',
      says,
    },
  ],
  skipped: [
    {
      name: "a stack's that the sweep finds",
      world: world({ ...open, ...stack }),
      event: scheduled(),
      says: /The CloudFormation stack shop manages it/,
    },
    {
      name: 'one that Terraform shares',
      world: world(open),
      event: shareDocument('deploy', ['All'], byTerraform),
      managers: { claims: 'skip' },
      says: /Terraform/,
    },
    { name: 'one that is gone by now', world: () => documentsWorld(), event: shared, says: 'The resource is gone.' },
  ],
  undo: [
    {
      name: 'public again, with the word and the version as they were',
      world: world({ sharedWith: ['All', '444455556666'], sharedVersion: '$LATEST' }),
      event: shared,
      sends: [
        new ModifyDocumentPermissionCommand({
          Name: 'deploy',
          PermissionType: 'Share',
          AccountIdsToAdd: ['All'],
          SharedDocumentVersion: '$LATEST',
        }),
      ],
    },
    {
      name: 'public again, where AWS shows no version',
      world: world(open),
      event: shared,
      sends: [new ModifyDocumentPermissionCommand({ Name: 'deploy', PermissionType: 'Share', AccountIdsToAdd: ['all'] })],
    },
  ],
});
