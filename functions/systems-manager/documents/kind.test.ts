import { describe, expect, test } from 'vitest';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { callEvent } from '../../../test/fixtures/events.ts';
import { arn, writeDocument } from '../../../test/support/documents/events.ts';
import { place } from '../../../test/support/harness.ts';
import { readerOver } from '../../../test/support/reading.ts';
import { documents } from './kind.ts';

const targetsOf = (event: { detail: object }) => documents.targets(event.detail as unknown as CloudTrailRecord, place);
const targets = (name: string, more: Parameters<typeof callEvent>[1]) => targetsOf(callEvent(name, more, 'ssm.amazonaws.com'));
const named = (id: string) => [{ type: 'AWS::SSM::Document', id }];

describe('a record names', () => {
  test('of a write the document of the answer, or else that of the request', () => {
    expect(targetsOf(writeDocument('deploy'))).toEqual(named('deploy'));
    expect(targetsOf(writeDocument('deploy', 'UpdateDocument', { responseElements: null }))).toEqual(named('deploy'));
    expect(targetsOf(writeDocument('deploy', 'UpdateDocument', { requestParameters: null }))).toEqual(named('deploy'));
    expect(targetsOf(writeDocument('deploy', 'UpdateDocument', { requestParameters: { name: arn('deploy') } }))).toEqual(named('deploy'));
  });
  test('nothing, where neither has a name that is the account’s', () => {
    for (const requestParameters of [null, 'omitted', {}, { name: '' }, { name: 7 }, { name: arn('deploy', '444455556666') }])
      expect(targets('ModifyDocumentPermission', { requestParameters })).toEqual([]);
    const elsewhere = 'arn:aws:ssm:us-east-1:111122223333:document/deploy';
    expect(targets('DeleteDocument', { requestParameters: { name: elsewhere } })).toEqual([]);
    expect(targets('DeleteDocument', { requestParameters: { name: 'arn:aws:ssm:eu-west-1:111122223333:parameter/x' } })).toEqual([]);
  });
  test('of a tag call the document, and nothing of another resource', () => {
    const tagged = (resourceType: string, resourceId = 'deploy') => ({ requestParameters: { resourceType, resourceId, name: 'not-this' } });
    expect(targets('AddTagsToResource', tagged('Document'))).toEqual(named('deploy'));
    expect(targets('RemoveTagsFromResource', tagged('Document', arn('deploy')))).toEqual(named('deploy'));
    expect(targets('AddTagsToResource', tagged('Parameter'))).toEqual([]);
  });
});

test('who writes or tags a document made what is judged, and who only shares, chooses or deletes it did not', () => {
  const isByMaker = (name: string) => documents.isByMaker?.(callEvent(name).detail as unknown as CloudTrailRecord);
  expect(['CreateDocument', 'UpdateDocument', 'AddTagsToResource'].map(isByMaker)).toEqual([true, true, true]);
  expect(['UpdateDocumentDefaultVersion', 'ModifyDocumentPermission', 'DeleteDocument'].map(isByMaker)).toEqual([false, false, false]);
});

test('a batch reads the list of own documents once, and the sweep one page of it', async () => {
  const pages: { readonly [token: string]: object } = {
    first: { DocumentIdentifiers: [{ Name: 'a', Tags: [{ Key: 'Team' }] }, {}], NextToken: 'second' },
    second: { DocumentIdentifiers: [{ Name: 'b' }] },
  };
  const { read, sent } = readerOver({ 'ssm:ListDocuments': ({ NextToken = 'first' }: { NextToken?: string }) => pages[NextToken] ?? {} });
  const found = await documents.live(
    Array.from({ length: 200 }, (_, n) => (n === 0 ? 'a' : n === 1 ? 'b' : `gone-${n}`)),
    read,
  );
  expect([...found].map(([id, { tags }]) => [id, tags])).toEqual([
    ['a', [{ Key: 'Team', Value: '' }]],
    ['b', []],
  ]);
  const asked = { Filters: [{ Key: 'Owner', Values: ['Self'] }], MaxResults: 50 };
  expect(sent).toEqual([
    ['ssm:ListDocuments', asked],
    ['ssm:ListDocuments', { ...asked, NextToken: 'second' }],
  ]);
  const other = readerOver({ 'ssm:ListDocuments': () => pages['first'] ?? {} });
  expect(await documents.list(other.read, place, 'from')).toEqual({ items: ['a'], next: 'second' });
  expect(other.sent).toEqual([['ssm:ListDocuments', { ...asked, NextToken: 'from' }]]);
});

test('its text is its display name and the name of its version', async () => {
  const { read } = readerOver({});
  const texts = async (item: object) => (await documents.tags?.fields?.(item, 'deploy', read))?.map(({ value }) => value);
  expect(await texts({ DisplayName: 'Deploys the shop', VersionName: 'v2' })).toEqual(['Deploys the shop', 'v2']);
  expect(await texts({})).toEqual(['', '']);
});

test('its ARN and its page have its name', () => {
  expect(documents.arnOf('deploy', place)).toBe(arn('deploy'));
  expect(documents.idsIn({ ResourceId: 'deploy' })).toEqual(['deploy']);
});
