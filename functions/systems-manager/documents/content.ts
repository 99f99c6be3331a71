import { type DocumentFormat, type DocumentIdentifier, GetDocumentCommand, type GetDocumentResult } from '@aws-sdk/client-ssm';
import { anyDocument, isGone } from '#shared/aws/documents.ts';
import { classify } from '#shared/aws/errors.ts';
import { code, option } from '#shared/control/command.ts';
import type { Permission, Reader } from '#shared/control/types.ts';
import { type Place, secretsIn } from '#shared/detect/tree.ts';

/** Where one version of a document holds what looks like secrets; never the content. */
export interface Leak {
  readonly version: string;
  readonly places: readonly Place[];
}

/** What reading a document takes. */
export const contentReads: readonly Permission[] = [{ action: 'ssm:GetDocument', resource: anyDocument }];

/** How many places a sentence names. */
const MOST_SHOWN = 5;

/**
 * A version of a document as JSON, into which AWS turns YAML; text stays text.
 * [U] What AWS cannot turn, such as a template with short forms of functions, is read as it is stored.
 */
export async function versionOf(
  { Name, DocumentFormat = 'JSON' }: DocumentIdentifier,
  version: '$LATEST' | 'default',
  read: Reader,
): Promise<GetDocumentResult> {
  const as = (format: DocumentFormat) =>
    read(new GetDocumentCommand({ Name, DocumentFormat: format, ...(version === '$LATEST' && { DocumentVersion: version }) }));
  try {
    return await as(DocumentFormat === 'TEXT' ? 'TEXT' : 'JSON');
  } catch (error) {
    if (isGone(error) || classify(error) !== 'refused' || DocumentFormat !== 'YAML') throw error;
    return await as('YAML');
  }
}

/** What looks like secrets in the newest version, and in the default one where that is another: it is what most calls run. */
export async function leaksOf(item: DocumentIdentifier, read: Reader): Promise<readonly Leak[]> {
  const newest = await versionOf(item, '$LATEST', read);
  const others = newest.DocumentVersion === '1' ? [] : [await defaultOf(item, read)];
  const versions = [newest, ...others.filter((one) => one?.DocumentVersion !== newest.DocumentVersion)];
  return versions.flatMap((one) => {
    const places = secretsIn(one?.Content ?? '');
    return places.length > 0 ? [{ version: one?.DocumentVersion ?? '$LATEST', places }] : [];
  });
}

/** The default version; absent where somebody deleted the document between two reads. */
async function defaultOf(item: DocumentIdentifier, read: Reader): Promise<GetDocumentResult | undefined> {
  try {
    return await versionOf(item, 'default', read);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** The leaks in one part of a sentence: the detectors, and where they hit. */
export function sayLeaks(leaks: readonly Leak[]): string {
  const all = leaks.flatMap(({ version, places }) =>
    places.map(({ where, detectors }) => `${detectors.join(' and ')} in ${where} of version ${version}`),
  );
  const more = all.length - MOST_SHOWN;
  return [...all.slice(0, MOST_SHOWN), ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

/** What a person does about them: no call takes text out of a version that is there. */
export function adviceOn(leaks: readonly Leak[], name: string): string[] {
  if (leaks.length === 0) return [];
  return [
    'Change each secret where it is used, for whoever may read the document may have it, and old versions stay readable.',
    'Keep the new one in a SecureString or in Secrets Manager. Have the script read it when it runs, under the role of the node or of the automation.',
    `List the versions with ${code(`aws ssm list-document-versions ${option('name', name)}`)}. Delete each that holds the secret: \`delete-document\` takes \`--document-version\`, but not for the default version.`,
  ];
}
