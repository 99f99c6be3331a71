import { describe, expect, test } from 'vitest';
import { tagControls } from '#shared/tags/index.ts';
import { blank, blanksOf } from './blank.ts';
import { defineControl } from './control.ts';
import { kindOf } from './kind.ts';

const things = (say: (what: string) => string) =>
  kindOf({
    noun: 'thing',
    plural: 'Things',
    type: 'AWS::Things::Thing',
    eventSource: 'things.amazonaws.com',
    arn: `arn:{partition}:things:{region}:{account}:${say('what stands before the id')}{id}`,
    console: '/things/home',
    securityHub: 'Other',
    created: { [say('the call that makes one')]: `requestParameters.${say('the id')}` },
    members: [],
    reads: [],
    items: { name: 'things', max: 1, load: async () => new Map<string, object>() },
    list: async () => ({ items: [] }),
  });
const control = (kind: ReturnType<typeof things>, why: string) =>
  defineControl(kind, {
    id: 'thing-good',
    title: 'Things are good',
    why,
    remediation: 'Reports only; changes nothing.',
    severity: 'low',
    defaultMode: 'off',
    triggers: [],
    references: [],
    judge: () => ({ is: 'compliant', says: 'It is good.' }),
    before: () => null,
  });
const said = (what: string) => what.replaceAll(' ', '-');

describe('the blanks of a control', () => {
  test('are found in its own words and in its kind, the ARN and the ids of records among them', () => {
    const found = blanksOf(control(things(blank), blank('what happens')));
    expect(found[0]).toEqual({ what: 'what happens', file: 'thing-good.ts' });
    expect(
      found
        .slice(1)
        .map(({ what }) => what)
        .sort(),
    ).toEqual(['the call that makes one', 'the id', 'what stands before the id']);
    expect(new Set(found.slice(1).map(({ file }) => file))).toEqual(new Set(['the kind.ts of thing']));
  });

  test('are gone when all is said', () => {
    expect(blanksOf(control(things(said), 'People lose data.'))).toEqual([]);
  });

  test('keep the tag controls of a kind off, and nothing else does', () => {
    const tags = (terraform: string) => ({
      retagged: [],
      written: [],
      set: () => ({ input: {} }),
      unset: () => ({ input: {} }),
      permissions: { set: { action: 'things:TagThing' }, unset: { action: 'things:UntagThing' } },
      references: [],
      code: {
        cloudFormation: { tag: () => 'Tags', texts: 'Tags' },
        terraform: { tag: () => `tags of the ${terraform}`, texts: `tags of the ${terraform}` },
      },
    });
    const modes = (terraform: string) => tagControls({ ...things(said), tags: tags(terraform) }).map(({ defaultMode }) => defaultMode);
    expect(modes(blank('the name of Terraform'))).toEqual(['off', 'off', 'off']);
    expect(modes('aws_thing')).not.toContain('off');
  });
});
