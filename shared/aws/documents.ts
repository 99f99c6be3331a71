import {
  type AccountSharingInfo,
  DescribeDocumentPermissionCommand,
  type DocumentIdentifier,
  ListDocumentsCommand,
} from '@aws-sdk/client-ssm';
import type { Permission, Reader } from '#shared/control/types.ts';
import { classify, errorCode } from './errors.ts';
import { pages } from './pages.ts';

/** Every document of the account, for permissions. */
export const anyDocument = 'arn:{partition}:ssm:{region}:{account}:document/*';

/** What a look at who else may use a document takes. */
export const sharingReads: readonly Permission[] = [{ action: 'ssm:DescribeDocumentPermission', resource: anyDocument }];

/** How a document is public: the word for everybody as AWS shows it, and the version that they get; null where it is private. */
export type Sharing = { readonly with: string | null; readonly version: string | null };

/** Lists the account's own documents only: AWS's, and what others share with it, are theirs. */
export const ownDocuments = (token: object) =>
  new ListDocumentsCommand({ Filters: [{ Key: 'Owner', Values: ['Self'] }], MaxResults: 50, ...token });

/** The documents of a page of that list. */
export const documentsIn = ({ DocumentIdentifiers }: { DocumentIdentifiers?: DocumentIdentifier[] | undefined }) => DocumentIdentifiers;

/** Whether a document is public, page by page; AWS takes the word in any case, and may show it as it was typed. */
export async function sharingOf(Name: string, read: Reader): Promise<Sharing> {
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

/** Whether an error of a read says that the document is not there: AWS has a word of its own for it. */
export function isGone(error: unknown): boolean {
  return classify(error) === 'missing' || /^InvalidDocument(Version)?$/.test(errorCode(error));
}
