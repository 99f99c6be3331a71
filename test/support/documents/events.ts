import { callEvent } from '../../fixtures/events.ts';
import { place } from '../harness.ts';

type Fields = { readonly [key: string]: unknown };
const SSM = 'ssm.amazonaws.com';

/** A document's ARN as AWS writes it. */
export const arn = (name: string, account = place.account) => `arn:aws:ssm:${place.region}:${account}:document/${name}`;

/** CreateDocument and UpdateDocument as recorded: the content is hidden. */
export function writeDocument(name: string, eventName: 'CreateDocument' | 'UpdateDocument' = 'CreateDocument', fields: Fields = {}) {
  const content = 'HIDDEN_DUE_TO_SECURITY_REASONS';
  return callEvent(
    eventName,
    {
      requestParameters: { content, name, documentFormat: 'YAML' },
      responseElements: { documentDescription: { name, owner: place.account, documentVersion: '1', documentType: 'Command', tags: [] } },
      ...fields,
    },
    SSM,
  );
}

/** A call about a document that answers nothing; a shape inferred from the API. */
export function aboutDocument(eventName: string, name: string, request: Fields = {}, fields: Fields = {}) {
  return callEvent(eventName, { requestParameters: { name, ...request }, ...fields }, SSM);
}

/** ModifyDocumentPermission; a shape inferred from the API. */
export function shareDocument(name: string, accountIdsToAdd: readonly string[], fields: Fields = {}) {
  return aboutDocument('ModifyDocumentPermission', name, { permissionType: 'Share', accountIdsToAdd }, fields);
}
