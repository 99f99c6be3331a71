import { jsonAnswer } from '../../local/http.ts';
import { jsonCall } from './calls.ts';
import type { Case } from './record-case.ts';

const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';
const described = { Name: 'deploy', Owner: '123456789012', DocumentVersion: '1', DocumentType: 'Command' };
const documentDescription = { name: 'deploy', owner: '123456789012', documentVersion: '1', documentType: 'Command' };

/** The shapes of documents of Systems Manager, whose content is never in a record, and of log groups. */
export const documentCases: { readonly [name: string]: Case } = {
  'CreateDocument, whose content is hidden': {
    call: jsonCall('ssm', 'CreateDocument', { Name: 'deploy', Content: '{"secret":1}', DocumentFormat: 'JSON' }),
    answer: jsonAnswer({ DocumentDescription: described }),
    request: { name: 'deploy', content: hidden, documentFormat: 'JSON' },
    response: { documentDescription: { ...documentDescription, tags: [] } },
  },
  'UpdateDocument, whose content is hidden too': {
    call: jsonCall('ssm', 'UpdateDocument', { Name: 'deploy', Content: '{"secret":1}', DocumentVersion: '$LATEST' }),
    answer: jsonAnswer({ DocumentDescription: { ...described, DocumentVersion: '2', Tags: [{ Key: 'team', Value: 'shop' }] } }),
    request: { name: 'deploy', content: hidden, documentVersion: '$LATEST' },
    response: { documentDescription: { ...documentDescription, documentVersion: '2', tags: [{ key: 'team', value: 'shop' }] } },
  },
  'CreateLogGroup, with tags as somebody wrote them': {
    call: jsonCall('logs', 'CreateLogGroup', { logGroupName: '/shop/orders', tags: { Team: 'shop' } }),
    answer: { status: 200, headers: {}, body: Buffer.from('') },
    request: { logGroupName: '/shop/orders', tags: { Team: 'shop' } },
    response: null,
  },
  'DisassociateKmsKey, which answers nothing': {
    call: jsonCall('logs', 'DisassociateKmsKey', { logGroupName: '/shop/orders' }),
    answer: jsonAnswer({}),
    request: { logGroupName: '/shop/orders' },
    response: null,
  },
  'ModifyDocumentPermission, which answers nothing': {
    call: jsonCall('ssm', 'ModifyDocumentPermission', { Name: 'deploy', PermissionType: 'Share', AccountIdsToAdd: ['All'] }),
    answer: jsonAnswer({}),
    request: { name: 'deploy', permissionType: 'Share', accountIdsToAdd: ['All'] },
    response: null,
  },
};
