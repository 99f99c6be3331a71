import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Json } from '#shared/control/control.ts';
import { at, stringAt } from '#shared/control/record.ts';
import { matches } from '#shared/replay/matcher.ts';
import { controlsOf, discoverFunctions } from '../../../infra/catalog.ts';
import { patternOf } from '../../../infra/patterns.ts';
import { amiState, callEvent, messageFor, tagCall } from '../../../test/fixtures/events.ts';
import { token } from '../../../test/fixtures/secrets.ts';
import { tagControlsOf } from '../../../test/support/controls.ts';
import { Harness, place } from '../../../test/support/harness.ts';
import { madeImage, published, sharedWith } from '../../../test/support/images/events.ts';
import { imagesWorld } from '../../../test/support/images/world.ts';
import { images } from './kind.ts';

const controls = controlsOf(await discoverFunctions()).filter(({ kind }) => kind === images);
const roles = [`arn:aws:iam::${place.account}:role/redress-images-eu-west-1`];

/** The ids of the controls of images whose rules an event matches. */
function seenBy(event: object): string[] {
  const seen: { readonly [key: string]: Json } = JSON.parse(JSON.stringify(event));
  return controls.filter((control) => matches(patternOf(control, roles), seen)).map(({ id }) => id);
}

const making = ['image-encrypted', 'image-imds-v2', 'image-owner-tag', 'image-required-tags', 'image-sensitive-tags'];
const bringing = making.map((id) => (id === 'image-owner-tag' ? 'image-private' : id));
const account = { add: { items: [{ userId: '444455556666' }] } };
const organization = { add: { items: [{ organizationArn: 'arn:aws:organizations::111122223333:organization/o-1' }] } };
const restoredImage = {
  requestParameters: { RestoreImageFromRecycleBinRequest: { ImageId: 'ami-1' } },
  responseElements: { RestoreImageFromRecycleBinResponse: { return: true } },
};
const description = { requestParameters: { imageId: 'ami-1', attributeType: 'description', description: { value: 'x' } } };
const failed = { errorCode: 'Client.UnauthorizedOperation', responseElements: null };

describe('which controls look', () => {
  test.each<[string, object, string[]]>([
    ['an image of an instance', madeImage('ami-1'), making],
    ['an image that is registered', madeImage('ami-1', 'RegisterImage'), making],
    ['a copy', madeImage('ami-1', 'CopyImage'), making],
    ['an image from the recycle bin', callEvent('RestoreImageFromRecycleBin', restoredImage), [...bringing, 'image-shared-known']],
    ['a share with everybody', published('ami-1'), ['image-private']],
    ['a share with an account', sharedWith('ami-1', account), ['image-shared-known']],
    ['a share with an organization', sharedWith('ami-1', organization), ['image-shared-known']],
    ['the end of a public share', sharedWith('ami-1', { remove: { items: [{ group: 'all' }] } }), []],
    [
      'another attribute for everybody',
      callEvent('ModifyImageAttribute', { requestParameters: { attributeType: 'x', x: { add: { items: [{ group: 'all' }] } } } }),
      [],
    ],
    ['another description', callEvent('ModifyImageAttribute', description), ['image-sensitive-tags']],
    ['an image that is available', amiState('ami-1', 'available'), ['image-encrypted']],
    ['an image that is pending', amiState('ami-1', 'pending'), []],
    ['an image that failed', amiState('ami-1', 'failed'), []],
    ['a tag', tagCall('CreateTags', ['ami-1'], { team: 'web' }), ['image-required-tags', 'image-sensitive-tags']],
    ['a tag of something else', tagCall('CreateTags', ['vol-1'], { team: 'web' }), []],
    ['a call that failed', madeImage('ami-1', 'CreateImage', failed), []],
    ['a share that failed', published('ami-1', failed), []],
  ])('at %s', (_, event, ids) => {
    expect(seenBy(event).sort()).toEqual([...ids].sort());
  });
});

test.each<[string, object, string]>([
  ['an answer', madeImage('ami-1').detail, 'ami-1'],
  ['a request', published('ami-1').detail, 'ami-1'],
  ['a wrapped request', callEvent('RestoreImageFromRecycleBin', restoredImage).detail, 'ami-1'],
  [
    'a wrapped answer',
    callEvent('CreateRestoreImageTask', { responseElements: { CreateRestoreImageTaskResponse: { imageId: 'ami-1' } } }).detail,
    'ami-1',
  ],
  ['a flat answer', callEvent('CreateRestoreImageTask', { responseElements: { imageId: 'ami-1' } }).detail, 'ami-1'],
])('the image in %s', (_, record, id) => {
  expect(images.targets(record as never, place)).toEqual([{ type: 'AWS::EC2::Image', id }]);
});

test('whoever shares an image or brings one back need not have made it', () => {
  const names = ['CreateImage', 'RegisterImage', 'CopyImage', 'ModifyImageAttribute', 'RestoreImageFromRecycleBin'];
  expect(names.filter((eventName) => !images.isByMaker?.({ eventName } as never))).toEqual(names.slice(3));
});

test('an ARN of an image names no account', () => {
  expect(images.arnOf('ami-1', place)).toBe('arn:aws:ec2:eu-west-1::image/ami-1');
});

describe('the tags of images', () => {
  const run = async (control: (typeof controls)[number], event: object, settings: object = {}) => {
    const world = imagesWorld({
      images: [
        { ImageId: 'ami-1', Name: 'web', Description: `for ${token}`, State: 'available', CreationDate: '2026-11-21T08:59:00Z', Tags: [] },
      ],
    });
    const harness = new Harness({ controls: [control], config: { controls: { [control.id]: { mode: 'fix', ...settings } } }, world });
    harness.put(messageFor(control.id, event));
    await harness.settle();
    return { harness, tags: world.images[0]?.Tags, findings: await harness.findings() };
  };
  const { owner, required, sensitive } = tagControlsOf(images);

  test('name whoever made it', async () => {
    const { tags } = await run(owner, madeImage('ami-1'));
    expect(tags).toContainEqual({ Key: 'created:owner', Value: 'dana' });
    expect(tags).toContainEqual({ Key: 'created:date', Value: '2026-11-21' });
  });

  test('are asked for', async () => {
    const { findings } = await run(required, madeImage('ami-1'), { tags: [{ key: 'team' }] });
    expect(findings.map(({ resource, control }) => [resource.id, control])).toEqual([['ami-1', 'image-required-tags']]);
  });

  test('are searched for secrets, and so is the description, which every account reads that may launch it', async () => {
    const { findings } = await run(sensitive, madeImage('ami-1'));
    expect(findings.map(({ says }) => says)).toEqual([expect.stringMatching(/in its description|in the description|description/)]);
  });
});

/** Real records, where the checkout stands beside them. */
const folders = ['records', 'more'].map((name) => `../shared/cloudtrail/${name}`).filter((folder) => existsSync(folder));
const recorded = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => /^ec2\.\w*Image/.test(file))
    .map((file): [string, object] => [file, JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))]),
);

describe.runIf(recorded.length > 0)('every recorded call about images', () => {
  test.each(recorded)('%s', (_, record) => {
    const event = callEvent(stringAt(record, 'eventName') ?? '', record as never);
    const seen = seenBy(event);
    if (stringAt(record, 'errorCode') !== undefined) return expect(seen).toEqual([]);
    const id = stringAt(record, 'responseElements', 'imageId') ?? stringAt(record, 'requestParameters', 'imageId');
    expect(images.targets(event.detail as never, place)).toEqual([{ type: 'AWS::EC2::Image', id }]);
    const items = at(record, 'requestParameters', 'launchPermission', 'add', 'items');
    if (stringAt(record, 'eventName') !== 'ModifyImageAttribute') return expect(seen.sort()).toEqual(making.sort());
    // none of them is public, nor leaves a trace while no account is trusted: that control is idle then
    expect(seen).toEqual(items === undefined ? [] : ['image-shared-known']);
  });
});
