import { isGone } from '#shared/aws/documents.ts';
import { defineControl, type Verdict } from '#shared/control/control.ts';
import { adviceOn, contentReads, type Leak, leaksOf, sayLeaks } from './content.ts';
import { documents } from './kind.ts';

type Facts = { readonly name: string; readonly leaks: readonly Leak[] };

export default defineControl(documents, {
  id: 'document-no-secrets',
  title: 'SSM documents hold no secrets',
  why: 'Whoever may read or run a document reads its text, and so does every account that it is shared with. Old versions stay readable.',
  remediation: 'Reports only; changes nothing. Names the member and the version, never the text.',
  severity: 'high',
  defaultMode: 'observe',
  maxMode: 'observe',
  // a record hides the content
  triggers: [documents.calls('CreateDocument', 'UpdateDocument', 'UpdateDocumentDefaultVersion')],
  sweep: { every: '1 day', atDeployment: true },
  permissions: { reads: contentReads },
  references: [
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html',
    'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteDocument.html',
  ],
  iac: {
    cloudFormation: 'take it out of `Content` of the AWS::SSM::Document, and have the script read it from a SecureString when it runs.',
    terraform:
      'take it out of `content` of the aws_ssm_document, and have the script read it from a SecureString when it runs. The state keeps the old content.',
    cdk: 'take it out of `content` of the `ssm.CfnDocument`, and have the script read it from a SecureString when it runs.',
  },
  prevention: { none: 'No policy can look into the text of a document.' },

  // what is written there has to go, whoever manages the document
  reportsManaged: true,

  async inspectOne(item, read): Promise<Facts | undefined> {
    try {
      return { name: item.Name ?? '', leaks: await leaksOf(item, read) };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  },

  judge({ name, leaks }): Verdict {
    if (leaks.length === 0) return { is: 'compliant', says: 'Neither its newest nor its default version shows a secret.' };
    return {
      is: 'violation',
      says: `It holds what looks like secrets: ${sayLeaks(leaks)}.`,
      // a version more does not change what is at risk
      risk: [...new Set(leaks.flatMap(({ places }) => places.flatMap(({ where, detectors }) => `${where} ${detectors.join(' ')}`)))]
        .sort()
        .join('; '),
      advice: adviceOn(leaks, name),
    };
  },

  before: ({ leaks }) => ({ versions: leaks.map(({ version }) => version) }),
});
