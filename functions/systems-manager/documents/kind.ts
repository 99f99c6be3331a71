import { AddTagsToResourceCommand, RemoveTagsFromResourceCommand } from '@aws-sdk/client-ssm';
import { anyDocument, documentsIn, ownDocuments } from '#shared/aws/documents.ts';
import { fromList } from '#shared/aws/loaders.ts';
import { onePage, pages, partOf } from '#shared/aws/pages.ts';
import { kindOf } from '#shared/control/kind.ts';
import { stringAt } from '#shared/control/record.ts';
import { allTags, isTagCall } from '#shared/control/tag.ts';
import { cloudFormationTags, terraformTags } from '#shared/tags/iac.ts';
import { DOCUMENT, nameIn } from './names.ts';

const eventSource = 'ssm.amazonaws.com';
const ofDocuments = { requestParameters: { resourceType: ['Document'] } };
const made = 'responseElements.documentDescription.name';

/** Documents of Systems Manager that belong to the account. A document's name is its id and shows in every finding, so it is not judged. */
export const documents = kindOf({
  noun: 'document',
  plural: 'SSM documents',
  type: DOCUMENT,
  eventSource,
  arn: 'arn:{partition}:ssm:{region}:{account}:document/{id}',
  console: '/systems-manager/documents/{id}/description?region={region}',
  // it has a name for patches and associations of Systems Manager, and none for documents
  securityHub: 'Other',
  created: { CreateDocument: made },
  members: ['Name', 'ResourceId'],
  unwatched: {
    'It runs a document, and changes none.': [
      'SendCommand',
      'StartAutomationExecution',
      'StartChangeRequestExecution',
      'StartExecutionPreview',
      'StartSession',
    ],
    'It changes who has reviewed a change template, and no content.': ['UpdateDocumentMetadata'],
  },
  // whoever chooses a version, shares a document or deletes it need not have written what it says
  isByMaker: ({ eventName }) => !['UpdateDocumentDefaultVersion', 'ModifyDocumentPermission', 'DeleteDocument'].includes(eventName),
  reads: [{ action: 'ssm:ListDocuments' }],
  // one list shows owner and tags of all, of which an account may have 500
  items: fromList(
    'own documents',
    (read) => pages(read, ownDocuments, documentsIn),
    ({ Name }) => Name,
  ),
  list: async (read, _place, from) => partOf(await onePage(read, ownDocuments, documentsIn, from), ({ Name }) => Name ?? []),
  targets(record, place) {
    if (isTagCall(record) && stringAt(record, 'requestParameters', 'resourceType') !== 'Document') return [];
    const paths = isTagCall(record) ? ['requestParameters.resourceId'] : [made, 'requestParameters.name'];
    const text = paths.map((path) => stringAt(record, ...path.split('.'))).find((found) => found !== undefined);
    const id = text === undefined ? undefined : nameIn(text, place);
    return id === undefined ? [] : [{ type: DOCUMENT, id }];
  },
  tagsOf: ({ Tags }) => allTags(Tags),
  tags: {
    retagged: [{ eventSource, eventNames: ['AddTagsToResource', 'RemoveTagsFromResource'], where: ofDocuments }],
    written: [
      { eventSource, eventNames: ['CreateDocument', 'UpdateDocument'] },
      { eventSource, eventNames: ['AddTagsToResource'], where: ofDocuments },
    ],
    fields: async ({ DisplayName, VersionName }) => [
      { name: 'display name', value: DisplayName ?? '' },
      { name: 'version name', value: VersionName ?? '' },
    ],
    madeAt: ({ CreatedDate }) => CreatedDate,
    set: (name, tags) => new AddTagsToResourceCommand({ ResourceType: 'Document', ResourceId: name, Tags: [...tags] }),
    unset: (name, keys) => new RemoveTagsFromResourceCommand({ ResourceType: 'Document', ResourceId: name, TagKeys: [...keys] }),
    permissions: {
      set: { action: 'ssm:AddTagsToResource', resource: anyDocument, conditions: { Null: { 'aws:TagKeys': 'false' } } },
      // [U] whether IAM shows the keys of a removal is not certain, so that they may be absent; the API itself wants some
      unset: { action: 'ssm:RemoveTagsFromResource', resource: anyDocument },
    },
    references: ['https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-tagging.html'],
    code: {
      cloudFormation: cloudFormationTags(DOCUMENT, 'VersionName'),
      terraform: terraformTags('aws_ssm_document', 'version_name'),
    },
  },
});
