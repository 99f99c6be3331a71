import { UpdateDocumentCommand, UpdateDocumentDefaultVersionCommand } from '@aws-sdk/client-ssm';
import { byTerraform, scheduled } from '../../../test/fixtures/events.ts';
import { token } from '../../../test/fixtures/secrets.ts';
import { aboutDocument, arn, writeDocument } from '../../../test/support/documents/events.ts';
import { elsewhere, found, on, placeCases } from '../../../test/support/documents/place-cases.ts';
import { bucket, content, group, name, preferencesWorld as world } from '../../../test/support/documents/preferences.ts';
import { documentsWorld } from '../../../test/support/documents/world.ts';
import { awsError } from '../../../test/support/harness.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './session-preferences-logged.ts';

const absent = { s3EncryptionEnabled: undefined, cloudWatchEncryptionEnabled: undefined };
const written = writeDocument(name, 'UpdateDocument');
/** The content as it is sent, every input but these as it was. */
const update = (inputs: object, version = 1, added: object = {}) => {
  const document = JSON.parse(content(inputs));
  const Content = `${JSON.stringify({ ...document, inputs: { ...document.inputs, ...added } }, null, 2)}${'\n'.repeat(version)}`;
  return new UpdateDocumentCommand({
    Name: name,
    Content,
    DocumentFormat: 'JSON',
    DocumentVersion: String(version),
    VersionName: `redress-${version}`,
  });
};
const stand = (version: number) => new UpdateDocumentDefaultVersionCommand({ Name: name, DocumentVersion: String(version) });
const fixed = {
  event: written,
  isApproved: true,
  status: 'fixed',
  secret: token,
  says: /Now: Sessions are logged, and start only where their log is encrypted\.$/,
} as const;
const noBucket = { s3BucketName: '' };
const noGroup = { cloudWatchLogGroupName: undefined };

testControl(control, {
  valid: [
    { name: 'encrypted places that are demanded', world: world([content(on)]), event: written },
    { name: 'flags that are text', world: world([content({ s3EncryptionEnabled: 'true', ...noGroup })]), event: written },
    { name: 'a bucket alone', world: world([content({ ...on, ...noGroup })]), event: scheduled() },
    { name: 'a flag without a place', world: world([content({ ...on, ...noBucket })]), event: scheduled() },
    { name: 'no document, and no node', world: () => documentsWorld({ nodes: 0 }), event: scheduled() },
    {
      name: "another account's bucket that is demanded to be encrypted, which only that account can see",
      world: world([content({ ...on, ...noGroup })], { buckets: elsewhere }),
      event: written,
    },
    {
      name: 'a log group that Redress may not look at, and whose key is demanded',
      world: world([content({ ...on, ...noBucket })], { refuses: { 'logs:DescribeLogGroups': awsError('AccessDeniedException') } }),
      event: written,
    },
    {
      // https://github.com/gazoakley/terraform-aws-session-manager-settings/issues/7
      name: 'a session document of another name, for sessions that ask for it (terraform-aws-session-manager-settings#7)',
      world: () => documentsWorld({ documents: { 'team-sessions': { versions: [content()] } } }),
      event: writeDocument('team-sessions'),
    },
  ],
  invalid: [
    {
      ...fixed,
      name: 'flags that are off, of an encrypted bucket and an encrypted log group',
      world: world(),
      sends: [update(on), stand(2)],
    },
    {
      ...fixed,
      name: 'the same, where AWS takes the newest version for the default one',
      world: world(undefined, { isNewestTaken: true }),
      event: aboutDocument('UpdateDocumentDefaultVersion', arn(name)),
      sends: [update(on)],
    },
    {
      ...fixed,
      name: 'flags that are absent',
      world: world([content(absent)], { isNewestTaken: true }),
      sends: [update(absent, 1, on)],
    },
    {
      ...fixed,
      // https://github.com/bridgecrewio/terraform-aws-session-manager/pull/21: the module wrote its flags as text
      name: 'a flag that is text, and stays text (terraform-aws-session-manager#21)',
      world: world([content({ s3EncryptionEnabled: 'false', ...noGroup })], { isNewestTaken: true }),
      sends: [update({ s3EncryptionEnabled: 'true', ...noGroup })],
    },
    {
      ...fixed,
      name: 'a bucket under a customer key',
      world: world([content(noGroup)], {
        isNewestTaken: true,
        buckets: { [bucket]: { algorithm: 'aws:kms', key: 'alias/logs', isPublic: false } },
      }),
      sends: [update({ ...noGroup, s3EncryptionEnabled: true })],
    },
    {
      name: 'what waits for a person, because nodes check before a session starts (amazon-ssm-agent#212)',
      world: world(),
      event: written,
      secret: token,
      sends: [],
      status: 'awaiting-approval',
      says: /^Nothing demands that the bucket shop-session-logs is encrypted .*, which it is\. Nothing demands that the log group .*, which it has\.$/,
      advice:
        /every node may `s3:GetEncryptionConfiguration` for shop-session-logs .*\n.*`logs:DescribeLogGroups` for \/ssm\/sessions before/,
    },
    {
      name: 'a bucket whose flag can be set, beside a log group without a key',
      world: world(undefined, { isNewestTaken: true, groups: { [group]: undefined } }),
      event: written,
      isApproved: true,
      secret: token,
      sends: [update({ s3EncryptionEnabled: true })],
      leavesRest: true,
      status: 'open',
      says: /Now: Nothing demands that the log group \/ssm\/sessions has a customer key \(`cloudWatchEncryptionEnabled`\), and it has none\.$/,
      advice: /whose policy lets CloudWatch Logs use it; Redress can then set `cloudWatchEncryptionEnabled`/,
    },
    {
      ...found,
      // https://github.com/awsdocs/aws-systems-manager-user-guide/pull/52
      name: 'no document, as before anybody opened the preferences (aws-systems-manager-user-guide#52)',
      world: () => documentsWorld(),
      event: scheduled(),
      says: 'Sessions are not logged: there is no document SSM-SessionManagerRunShell.',
    },
    {
      ...found,
      name: 'a document that somebody deleted',
      world: () => documentsWorld(),
      event: aboutDocument('DeleteDocument', name),
      says: /there is no document/,
    },
    {
      ...found,
      name: 'neither a bucket nor a log group',
      world: world([content({ ...noBucket, ...noGroup })]),
      says: 'Sessions are not logged: the preferences name neither a bucket nor a log group.',
    },
    ...placeCases,
    {
      ...found,
      name: 'preferences of no shape that is known',
      world: world([content({ s3EncryptionEnabled: '{{ demand }}' })]),
      says: /are of no shape that AWS documents/,
    },
    { ...found, name: 'preferences that are no JSON', world: world([`profile: ${token}`]), says: /are of no shape that AWS documents/ },
    {
      ...found,
      name: 'preferences in YAML, whose comments a new version would lose',
      world: world([content(noGroup)], {}, { format: 'YAML' }),
      says: /which it is\.$/,
      advice: /The document is YAML, and a version by Redress would lose its comments/,
    },
    {
      ...found,
      name: 'a newest version by somebody else that is not the default one',
      world: world([content(on), content()], {}, { standing: '1' }),
      says: /which it is\. So says version 2\./,
      advice: /`aws ssm update-document-default-version --name SSM-SessionManagerRunShell --document-version 2`/,
    },
    {
      ...found,
      name: 'a newest version of a name like ours, which says more than flags',
      world: world(
        [content(), content({ ...on, shellProfile: { linux: `echo ${token}` } })],
        {},
        { standing: '1', names: { 2: 'redress-1' } },
      ),
      says: /which it is\. So says version 1\./,
    },
  ],
  skipped: [
    {
      name: 'what Terraform writes',
      world: world(),
      event: writeDocument(name, 'UpdateDocument', byTerraform),
      managers: { claims: 'skip' },
      says: /Terraform/,
    },
  ],
  undo: [
    {
      name: 'the flags as they were, with what was written meanwhile',
      world: world([content({ s3EncryptionEnabled: 'false' })]),
      event: written,
      isApproved: true,
      sends: [update({ s3EncryptionEnabled: 'false' }, 2), stand(3)],
    },
    {
      name: 'flags that were absent',
      world: world([content({ ...absent, ...noGroup })], {
        isNewestTaken: true,
      }),
      event: written,
      isApproved: true,
      sends: [update({ ...absent, ...noGroup }, 2)],
    },
  ],
});
