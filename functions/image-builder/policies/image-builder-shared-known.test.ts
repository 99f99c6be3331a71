import { describe, expect, test } from 'vitest';
import { callEvent, scheduled } from '../../../test/fixtures/events.ts';
import { builderCall } from '../../../test/support/image-builder/events.ts';
import { arnOf, builderWorld } from '../../../test/support/image-builder/world.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './image-builder-shared-known.ts';
import { strangersIn } from './strangers.ts';

const component = arnOf('Component', 'tools/1.0.0/1');
const recipe = arnOf('ImageRecipe', 'web/1.0.0');
const container = arnOf('ContainerRecipe', 'app/1.0.0');
const image = component.replace(':component/tools', ':image/web');
const allowing = (Principal: unknown, more: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: ['imagebuilder:GetComponent'], Resource: '*', ...more }],
  });
const world = (arn: string, policy: string | undefined) => () =>
  builderWorld({
    components: { 'tools/1.0.0/1': {} },
    recipes: { 'web/1.0.0': {} },
    containers: { 'app/1.0.0': {} },
    images: [image],
    ...(policy !== undefined && { policies: { [arn]: policy } }),
  });
const put = (name: string, member: string, arn: string) => builderCall(name, { [member]: arn, policy: '{}' });
const event = put('PutComponentPolicy', 'componentArn', component);
const common = { trustedAccounts: ['222233334444'], trustedOrganizations: ['arn:aws:organizations::222233334444:organization/o-shop'] };
const stranger = allowing({ AWS: ['arn:aws:iam::444455556666:root', '222233334444', '111122223333'] });
const one = (
  name: string,
  its: object,
  arn = component,
  says: string | RegExp = 'It is shared with 444455556666, which the settings do not name.',
) => ({
  name,
  world: world(arn, stranger),
  event: its,
  common,
  sends: [],
  status: 'open' as const,
  says,
});

testControl(control, {
  valid: [
    { name: 'what has no policy', world: world(component, undefined), event, common },
    { name: 'a share with an account that the settings name', world: world(component, allowing({ AWS: '222233334444' })), event, common },
    {
      name: 'everybody of an organization that the settings name',
      world: world(component, allowing('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-shop' } } })),
      event,
      common,
    },
    { name: 'any share, where only other places name accounts', world: world(component, stranger), event },
    {
      name: 'a share of another service',
      world: world(component, stranger),
      event: callEvent('CreateResourceShare', { requestParameters: { resourceArns: ['arn:aws:ec2:x'] } }, 'ram.amazonaws.com'),
      common,
    },
  ],
  invalid: [
    { ...one('a component shared with a stranger', event), advice: /`aws ram disassociate-resource-share/ },
    one('a recipe', put('PutImageRecipePolicy', 'imageRecipeArn', recipe), recipe),
    one('a container recipe', put('PutContainerRecipePolicy', 'containerRecipeArn', container), container),
    one('an image', put('PutImagePolicy', 'imageArn', image), image),
    one(
      'a share of AWS RAM',
      callEvent(
        'CreateResourceShare',
        { requestParameters: { resourceArns: [component], principals: ['444455556666'] } },
        'ram.amazonaws.com',
      ),
    ),
    one('an image that the sweep finds', scheduled(), image),
    { ...one('what everybody may use', event, component, 'It is shared with every AWS account.'), world: world(component, allowing('*')) },
    { ...one('a policy that nobody can read', event, component, /cannot be read/), world: world(component, '{') },
  ],
  skipped: [],
});

describe('the control', () => {
  test('is idle without trusted accounts', () => {
    expect([control.isIdle?.({ trustedAccounts: [] }), control.isIdle?.(common)]).toEqual([true, false]);
  });
  test.each<[string, string, readonly string[]]>([
    ['a denial', JSON.stringify({ Statement: { Effect: 'Deny', Principal: '*' } }), []],
    ['one statement that is no list', JSON.stringify({ Statement: { Effect: 'Allow', Principal: { AWS: '*' } } }), ['every AWS account']],
    [
      'a principal that is not named',
      JSON.stringify({ Statement: [{ Effect: 'Allow', NotPrincipal: { AWS: '1' } }] }),
      ['every AWS account'],
    ],
    ['a service', allowing({ Service: 'x.amazonaws.com' }), []],
    [
      'another organization',
      allowing('*', { Condition: { StringLike: { 'aws:PrincipalOrgPaths': ['o-other/r-1/*'] } } }),
      ['o-other/r-1/*'],
    ],
    [
      'a condition that narrows nothing',
      allowing('*', { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-shop' } } }),
      ['every AWS account'],
    ],
    [
      'an organization as the principal',
      allowing({ AWS: 'arn:aws:organizations::444455556666:organization/o-x' }),
      ['arn:aws:organizations::444455556666:organization/o-x'],
    ],
    ['no statement', '{}', []],
  ])('of %s tells whom it means', (_name, policy, expected) => {
    expect(strangersIn(policy, [...common.trustedAccounts, ...common.trustedOrganizations])).toEqual(expected);
  });
});
