import type {
  DescribeDocumentPermissionCommandInput,
  GetDocumentCommandInput,
  ListDocumentsCommandInput,
  ModifyDocumentPermissionCommandInput,
  Tag,
  UpdateDocumentCommandInput,
} from '@aws-sdk/client-ssm';
import { actionOf } from '#shared/aws/actions.ts';
import { expectListed } from '../../fixtures/secrets.ts';
import { type Answers, answerTo, type Refusals } from '../answers.ts';
import { type Destinations, destinationAnswers } from '../destinations.ts';
import { awsError, place, type World } from '../harness.ts';

/** One document as AWS keeps it. */
export interface Stored {
  /** Contents, oldest version first; the name of each is its number. */
  readonly versions: string[];
  readonly format?: 'JSON' | 'YAML' | 'TEXT';
  /** Whether AWS shows it in its own format only. */
  readonly isAsStored?: boolean;
  /** Absent means the account itself. */
  readonly owner?: string;
  /** Absent means the newest at the start. */
  standing?: string;
  /** Whom it is shared with, as AWS shows them, and which version. */
  sharedWith?: string[];
  sharedVersion?: string;
  /** The names of versions. */
  names?: { readonly [version: number]: string };
  tags?: Tag[];
  readonly displayName?: string;
}

/** What there is in the account, and how AWS behaves. */
export interface Account extends Destinations {
  readonly documents?: { readonly [name: string]: Stored };
  /** How many nodes Systems Manager manages; absent means one. */
  readonly nodes?: number;
  /** Whether AWS makes a new version the default one. */
  readonly isNewestTaken?: boolean;
  readonly refuses?: Refusals;
}

export interface DocumentWorld extends World {
  readonly documents: Map<string, Stored>;
  /** Called before each call is answered; what somebody else does meanwhile. */
  meanwhile: (action: string, input: object) => void;
}

const PAGE = 50;

/** Systems Manager with its documents, which remembers, with the rules of AWS that matter here. */
export function documentsWorld(account: Account = {}): DocumentWorld {
  const documents = new Map(Object.entries(structuredClone(account.documents ?? {})));
  for (const stored of documents.values()) {
    // a list of lines is judged as lines too
    for (const one of stored.versions) expectListed(one.replaceAll('","', '\n'));
    stored.standing ??= String(stored.versions.length);
  }
  const get = (name = ''): Stored => {
    const found = documents.get(name);
    if (!found) throw awsError('InvalidDocument', `Document with name ${name} does not exist.`);
    return found;
  };

  const answers: Answers = {
    'ssm:ListDocuments': ({ Filters = [], NextToken }: ListDocumentsCommandInput) => {
      const isOwn = Filters.some(({ Key, Values = [] }) => Key === 'Owner' && Values.includes('Self'));
      const all = [...documents].filter(([, { owner = place.account }]) => !isOwn || owner === place.account);
      const start = Number(NextToken ?? 0);
      const shown = all.slice(start, start + PAGE).map(([Name, one]) => ({
        Name,
        Owner: one.owner ?? place.account,
        DocumentVersion: one.standing,
        DocumentFormat: one.format ?? 'JSON',
        Tags: one.tags ?? [],
        CreatedDate: new Date('2026-11-21T08:59:00Z'),
        ...(one.displayName !== undefined && { DisplayName: one.displayName }),
      }));
      return { DocumentIdentifiers: shown, ...(all.length > start + PAGE && { NextToken: String(start + PAGE) }) };
    },
    'ssm:GetDocument': ({ Name, DocumentVersion: asked = '$DEFAULT', DocumentFormat = 'JSON' }: GetDocumentCommandInput) => {
      const { versions, standing, isAsStored, format } = get(Name);
      if (isAsStored && DocumentFormat !== format) throw awsError('InvalidDocumentOperation', 'The document cannot be shown so.');
      const version = asked === '$LATEST' ? String(versions.length) : asked === '$DEFAULT' ? standing : asked;
      const Content = versions[Number(version) - 1];
      if (Content === undefined) throw awsError('InvalidDocumentVersion', 'The document version is not valid or does not exist.');
      const VersionName = get(Name).names?.[Number(version)];
      return { Name, DocumentVersion: version, DocumentFormat, Content, ...(VersionName !== undefined && { VersionName }) };
    },
    'ssm:UpdateDocument': ({ Name, Content = '', DocumentVersion = '', VersionName }: UpdateDocumentCommandInput) => {
      const stored = get(Name);
      const { versions } = stored;
      // "Currently, Systems Manager supports updating only the latest version of the document."
      if (!['$LATEST', String(versions.length)].includes(DocumentVersion))
        throw awsError('InvalidDocumentVersion', 'The document version is not valid or does not exist.');
      if (versions.includes(Content)) throw awsError('DuplicateDocumentContent', 'The content matches another version.');
      versions.push(Content);
      if (VersionName !== undefined) stored.names = { ...stored.names, [versions.length]: VersionName };
      if (account.isNewestTaken) stored.standing = String(versions.length);
      return { DocumentDescription: { Name, DocumentVersion: String(versions.length) } };
    },
    'ssm:UpdateDocumentDefaultVersion': ({ Name, DocumentVersion }: { Name: string; DocumentVersion: string }) => {
      get(Name).standing = DocumentVersion;
      return { Description: { Name, DefaultVersion: DocumentVersion } };
    },
    'ssm:DescribeDocumentPermission': ({ Name }: DescribeDocumentPermissionCommandInput) => {
      const { sharedWith = [], sharedVersion } = get(Name);
      return {
        AccountIds: sharedWith,
        AccountSharingInfoList: sharedWith.map((AccountId) => ({
          AccountId,
          ...(sharedVersion !== undefined && { SharedDocumentVersion: sharedVersion }),
        })),
      };
    },
    'ssm:ModifyDocumentPermission': (input: ModifyDocumentPermissionCommandInput) => {
      const { Name, AccountIdsToAdd = [], AccountIdsToRemove = [], SharedDocumentVersion } = input;
      const stored = get(Name);
      const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
      const left = (stored.sharedWith ?? []).filter((one) => !AccountIdsToRemove.some((other) => isSame(one, other)));
      stored.sharedWith = [...left, ...AccountIdsToAdd];
      if (SharedDocumentVersion !== undefined) stored.sharedVersion = SharedDocumentVersion;
      if (stored.sharedWith.length === 0) delete stored.sharedVersion;
    },
    'ssm:DescribeInstanceInformation': () => ({ InstanceInformationList: Array.from({ length: account.nodes ?? 1 }, () => ({})) }),
    ...destinationAnswers(account),
    'ssm:AddTagsToResource': ({ ResourceId, Tags = [] }: { ResourceId: string; Tags: Tag[] }) => {
      const stored = get(ResourceId);
      stored.tags = [...(stored.tags ?? []).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key)), ...Tags];
    },
    'ssm:RemoveTagsFromResource': ({ ResourceId, TagKeys = [] }: { ResourceId: string; TagKeys: string[] }) => {
      const stored = get(ResourceId);
      stored.tags = (stored.tags ?? []).filter(({ Key = '' }) => !TagKeys.includes(Key));
    },
  };

  const world: DocumentWorld = {
    documents,
    meanwhile: () => undefined,
    async send(command) {
      const action = actionOf(command);
      world.meanwhile(action, command.input);
      return answerTo(command, answers, account.refuses);
    },
  };
  return world;
}
