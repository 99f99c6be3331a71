import * as sdk from '@aws-sdk/client-imagebuilder';
import { expect, test } from 'vitest';
import { model, problemOf, readImageBuilder, shapeOf } from '../../../local/emulator/image-builder/model.ts';
import { membersOf, plainOf } from '../../support/schema.ts';

const schemas = new Map(
  Object.entries(sdk).flatMap(([name, schema]) => (name.endsWith('$') && Array.isArray(schema) ? [[name.slice(0, -1), schema]] : [])),
);

/** A schema of the SDK by its name in the model. */
function schemaOf(name: string): readonly unknown[] {
  return schemas.get(name) ?? expect.fail(`the SDK has no ${name}`);
}

test.each(Object.entries(model.operations))('%s is called as the SDK calls it', (name, { http, input, output }) => {
  const [, , , traits, sent, answered] = schemaOf(name);
  expect(traits).toMatchObject({ http: [http.method, http.requestUri, 200] });
  expect([sent, answered].map((schema) => (plainOf(schema) as unknown[])[2])).toEqual([input, output]);
});

test('a request has its members from the path, the query and the body', () => {
  const read = (method: string, path: string, body = {}) => readImageBuilder(method, new URL(path, 'http://localhost'), body);
  const resourceArn = 'arn:aws:imagebuilder:us-east-1:123456789012:component/agent/1.0.0/1';
  const path = `/tags/${encodeURIComponent(resourceArn)}`;
  expect(read('DELETE', `${path}?tagKeys=a`)).toEqual({ action: 'UntagResource', json: { resourceArn, tagKeys: ['a'] } });
  expect(read('POST', path, { tags: { a: 'b' } })).toEqual({ action: 'TagResource', json: { resourceArn, tags: { a: 'b' } } });
  expect(read('GET', `/GetImage?imageBuildVersionArn=${resourceArn}`)).toEqual({
    action: 'GetImage',
    json: { imageBuildVersionArn: resourceArn },
  });
  expect(read('PUT', '/CreateWorkflow', { name: 'x' })).toEqual({ action: 'CreateWorkflow', json: { name: 'x' } });
});

const structures = Object.entries(model.shapes).filter(([, { type, error }]) => type === 'structure' && !error);

test.each(structures)('%s has the members of the SDK, in their places', (name, { members = {}, required = [] }) => {
  const schema = schemaOf(name);
  const theirs = membersOf(schema);
  // a newer SDK may know more
  expect(theirs.map(([member]) => member)).toEqual(expect.arrayContaining(Object.keys(members)));
  for (const [member, { location, shape }] of Object.entries(members)) {
    const traits = traitsOf(theirs.find(([one]) => one === member)?.[1]);
    expect(placeOf(traits), member).toBe(location);
    expect(kindOf(theirs.find(([one]) => one === member)?.[1]), member).toBe(kindOfShape(shape));
  }
  const needed = theirs.slice(0, Number(schema[6] ?? 0)).map(([member]) => member);
  expect(required.filter((member) => member !== 'clientToken').sort()).toEqual(needed.sort());
});

const errors = Object.entries(model.shapes).flatMap(([name, { error }]) => (error ? [[name, error.httpStatusCode] as const] : []));

test.each(errors)('%s is the SDK’s, with the status %i', (name, status) => {
  expect(schemaOf(name)[3]).toMatchObject({ httpError: status });
});

test.each([
  ['CreateComponentRequest', {}, "'name' is not valid. name is required"],
  [
    'CreateComponentRequest',
    component({ semanticVersion: '1.x.x' }),
    String.raw`semanticVersion must match pattern ^[0-9]+\.[0-9]+\.[0-9]+$`,
  ],
  ['CreateComponentRequest', component({ platform: 'linux' }), 'platform must be one of [Windows, Linux, macOS]'],
  ['CreateComponentRequest', component({ data: '' }), 'data must match'],
  ['CreateComponentRequest', component({ data: 'x'.repeat(16_001) }), 'data must have at most 16000'],
  ['CreateComponentRequest', component({ tags: { 'aws:own': 'x' } }), 'tags must match pattern'],
  ['CreateComponentRequest', component({ tags: {} }), 'tags must have at least 1'],
  ['CreateComponentRequest', component({ dryRun: 'yes' }), 'dryRun must be a boolean'],
  ['ListImagesRequest', { maxResults: 26 }, 'maxResults must be between 1 and 25'],
  ['ListImagesRequest', { maxResults: '2' }, 'maxResults must be a number'],
  ['ListImagesRequest', { filters: [{ name: 'a b' }] }, "'filters[0].name' is not valid"],
  [
    'DistributionList',
    [{ region: 'us-east-1', amiDistributionConfiguration: { launchPermission: { userIds: ['1'] } } }],
    '[0].amiDistributionConfiguration.launchPermission.userIds[0]',
  ],
  ['DistributionList', {}, 'must be a list'],
] as const)('%s refuses what is malformed: %j', (shape, value, why) => {
  expect(problemOf(shape, value as never)).toContain(why);
});

test('what is well formed is taken, with members that nobody knows', () => {
  expect(problemOf('CreateComponentRequest', component({ data: 'name: x\nphases: []\n', isNew: true }))).toBeUndefined();
});

function component(members: { readonly [name: string]: unknown }) {
  return { name: 'agent', semanticVersion: '1.0.0', platform: 'Linux', clientToken: 't-1', ...members } as never;
}

function traitsOf(member: unknown): unknown {
  return Array.isArray(member) && member.length === 2 ? member[1] : 0;
}

/** Where a member travels: the SDK has a bit for a label of the path, and a name for a part of the query. */
function placeOf(traits: unknown): string | undefined {
  if (traits === 1) return 'uri';
  return typeof traits === 'object' && traits !== null && 'httpQuery' in traits ? 'querystring' : undefined;
}

const kinds: { readonly [kind: number]: string } = { 0: 'string', 1: 'number', 2: 'boolean', 4: 'timestamp', 64: 'list', 128: 'map' };

function kindOf(member: unknown): string | undefined {
  const schema = plainOf(traitsOf(member) === 0 ? member : (member as unknown[])[0]);
  if (Array.isArray(schema)) return schema[0] === 3 ? 'structure' : schema[0] === 1 ? 'list' : 'map';
  const bits = Number(schema);
  return kinds[bits >= 64 ? bits & ~63 : bits];
}

function kindOfShape(name: string): string {
  const { type } = shapeOf(name);
  return ['integer', 'long'].includes(type) ? 'number' : type;
}
