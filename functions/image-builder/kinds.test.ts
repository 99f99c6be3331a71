import { TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-imagebuilder';
import { describe, expect, test } from 'vitest';
import type { AnyKind } from '#shared/control/kind.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { readersOfRound } from '#shared/engine/reader.ts';
import { matches } from '#shared/replay/matcher.ts';
import { patternOf } from '../../infra/patterns.ts';
import { scheduled } from '../../test/fixtures/events.ts';
import { token } from '../../test/fixtures/secrets.ts';
import { tagControlsOf } from '../../test/support/controls.ts';
import { place } from '../../test/support/harness.ts';
import { builderCall, made } from '../../test/support/image-builder/events.ts';
import { type Account, arnOf, builderWorld } from '../../test/support/image-builder/world.ts';
import { testControl } from '../../test/support/tester.ts';
import { components } from './components/kind.ts';
import { containerRecipes } from './container-recipes/kind.ts';
import { distributions } from './distributions/kind.ts';
import { infrastructures } from './infrastructures/kind.ts';
import { recipes } from './recipes/kind.ts';

interface One {
  readonly kind: AnyKind & Parameters<typeof tagControlsOf>[0];
  readonly create: string;
  readonly member: string;
  readonly arn: string;
  /** The account that has one of them with these members. */
  readonly account: (members: object) => Account;
  /** A member that holds text, and what that is called in findings. */
  readonly text: readonly [member: object, where: string];
}

const of = (token: string) => `clone with ${token}`;
const ones: readonly One[] = [
  {
    kind: distributions,
    create: 'CreateDistributionConfiguration',
    member: 'distributionConfigurationArn',
    arn: arnOf('DistributionConfiguration', 'web'),
    account: (web) => ({ distributions: { web } }),
    text: [
      { distributions: [{ region: 'eu-west-1', amiDistributionConfiguration: { description: of(token) } }] },
      'description of AMIs in eu-west-1',
    ],
  },
  {
    kind: infrastructures,
    create: 'CreateInfrastructureConfiguration',
    member: 'infrastructureConfigurationArn',
    arn: arnOf('InfrastructureConfiguration', 'web'),
    account: (web) => ({ infrastructures: { web } }),
    text: [{ resourceTags: { note: of(token) } }, 'tags of build instances'],
  },
  {
    kind: recipes,
    create: 'CreateImageRecipe',
    member: 'imageRecipeArn',
    arn: arnOf('ImageRecipe', 'web/1.0.0'),
    account: (web) => ({ recipes: { 'web/1.0.0': web } }),
    text: [{ amiTags: { note: of(token) } }, 'tags of its AMIs'],
  },
  {
    kind: containerRecipes,
    create: 'CreateContainerRecipe',
    member: 'containerRecipeArn',
    arn: arnOf('ContainerRecipe', 'web/1.0.0'),
    account: (web) => ({ containers: { 'web/1.0.0': web } }),
    text: [{ description: of(token) }, 'description'],
  },
  {
    kind: components,
    create: 'CreateComponent',
    member: 'componentBuildVersionArn',
    arn: arnOf('Component', 'web/1.0.0/1'),
    account: (web) => ({ components: { 'web/1.0.0/1': web } }),
    text: [{ changeDescription: of(token) }, 'description of the change'],
  },
];

describe.each(ones.map((one) => [one.kind.noun, one] as const))('%s', (_noun, { kind, create, member, arn, account, text }) => {
  const targets = (event: { detail: object }) => kind.targets(event.detail as unknown as CloudTrailRecord, place);
  const controls = tagControlsOf(kind);
  const created = made(create, member, arn);
  const tagged = builderCall('TagResource', { resourceArn: arn, tags: { note: of(token) } });
  const world = (members: object) => () => builderWorld(account(members));

  test('is named by the answer, or else the request; of a tag call, where the ARN is of its type', () => {
    expect(targets(created)).toEqual([{ type: kind.type, id: arn }]);
    expect(targets(builderCall(create, { [member]: arn }))).toEqual([{ type: kind.type, id: arn }]);
    expect(targets(tagged)).toEqual([{ type: kind.type, id: arn }]);
    for (const other of [arn.replace('111122223333', 'aws'), arn.replace(/:[a-z-]+\/web/, ':workflow/web'), '', 'web'])
      expect(targets(builderCall('TagResource', { resourceArn: other }))).toEqual([]);
    for (const request of [null, {}, { [member]: 7 }]) expect(targets(builderCall(create, request))).toEqual([]);
  });

  test('its tags start the rules of its own type alone', () => {
    const pattern = patternOf(controls.sensitive, []);
    expect(matches(pattern, tagged)).toBe(true);
    expect(matches(pattern, builderCall('TagResource', { resourceArn: arn.replace(/:[a-z-]+\/web/, ':workflow/web') }))).toBe(false);
    expect(matches(patternOf(controls.required, []), builderCall('UntagResource', { resourceArn: arn }))).toBe(true);
  });

  test('is as old as AWS says, and no older', () => {
    expect(kind.tags?.madeAt?.({ dateCreated: '2026-11-21T08:59:00Z' })).toEqual(new Date('2026-11-21T08:59:00Z'));
    expect([{}, { dateCreated: 'yesterday' }].map((item) => kind.tags?.madeAt?.(item))).toEqual([undefined, undefined]);
  });

  testControl(controls.owner, {
    valid: [
      {
        name: 'one with an owner',
        world: world({ tags: { 'created:owner': 'anna', 'created:date': 'x', 'created:via': 'y' } }),
        event: created,
      },
    ],
    invalid: [
      {
        name: 'one without',
        world: world({}),
        event: created,
        sends: [
          new TagResourceCommand({
            resourceArn: arn,
            tags: { 'created:owner': 'dana', 'created:date': '2026-11-21', 'created:via': 'AWS CLI' },
          }),
        ],
        status: 'fixed',
        says: /Its owner is dana/,
      },
      {
        name: 'one that the sweep finds, of which nobody knows who made it',
        world: world({}),
        event: scheduled(),
        settings: { tellUnseen: true },
        sends: [],
        status: 'open',
        says: /Its owner is unknown/,
      },
    ],
    skipped: [],
    undo: [
      {
        name: 'the tags that it set',
        world: world({}),
        event: created,
        sends: [new UntagResourceCommand({ resourceArn: arn, tagKeys: ['created:owner', 'created:date', 'created:via'] })],
      },
    ],
  });

  testControl(controls.sensitive, {
    valid: [{ name: 'harmless tags', world: world({ tags: { Team: 'shop' } }), event: tagged }],
    invalid: [
      {
        name: 'a secret in a tag',
        world: world({ tags: { note: of(token) } }),
        event: tagged,
        secret: token,
        sends: [new UntagResourceCommand({ resourceArn: arn, tagKeys: ['note'] })],
        status: 'fixed',
        says: /token in the tag `note`/,
      },
      {
        name: 'a secret in a tag, which the settings mask',
        world: world({ tags: { note: of(token) } }),
        event: tagged,
        settings: { mask: true },
        secret: token,
        sends: [new TagResourceCommand({ resourceArn: arn, tags: { note: 'removed-by-redress' } })],
        status: 'fixed',
        says: /token in the tag `note`/,
      },
      {
        name: 'a secret in its own text',
        world: world(text[0]),
        event: created,
        secret: token,
        sends: [],
        status: 'open',
        says: new RegExp(`token in the ${text[1]}`),
        advice: /without that text/,
      },
      {
        name: 'one that the sweep finds',
        world: world(text[0]),
        event: scheduled(),
        secret: token,
        sends: [],
        status: 'open',
        says: /token in/,
      },
    ],
    skipped: [],
  });

  test('is listed by ARN, 25 a page', async () => {
    const world = builderWorld(account({}));
    const sent: object[] = [];
    const read = readersOfRound(async (command) => {
      sent.push(command.input);
      return await world.send(command);
    })([...kind.reads]);
    expect(await kind.list(read, place)).toEqual({ items: [arn] });
    expect(sent[0]).toMatchObject({ maxResults: 25 });
  });
});
