import { describe, expect, test } from 'vitest';
import { shapeOf } from '#shared/aws/actions.ts';
import type { AnyControl, AwsCommand, Reader } from '#shared/control/control.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { finished } from '../support/controls.ts';
import { place } from '../support/harness.ts';

const functions = await discoverFunctions();

test('the deployment starts a sweep of what may have stood wrong for long, at a few calls an account', async () => {
  const controls = controlsOf(functions);
  const swept = controls.filter(({ sweep }) => sweep.atDeployment).map(({ id }) => id);
  expect(swept.filter((id) => !id.endsWith('-sensitive-tags')).sort()).toEqual([
    'auto-scaling-group-encrypted',
    'auto-scaling-key-usable',
    'bucket-public-access-blocked',
    'command-no-secrets',
    'command-output-known',
    'component-no-secrets',
    'container-recipe-no-secrets',
    'distribution-private',
    'document-no-secrets',
    'document-private',
    'document-sharing-blocked',
    'ebs-default-encryption',
    'events-arriving',
    'guardduty-on',
    'image-private',
    'image-sharing-blocked',
    'images-allowed-audited',
    'imds-defaults-v2',
    'instance-imds-v2',
    'instance-user-data-no-secrets',
    'key-usable',
    'launch-configuration-encrypted',
    'launch-configuration-user-data-no-secrets',
    'launch-template-encrypted',
    'launch-template-user-data-no-secrets',
    'log-group-key',
    'macie-on',
    'parameter-secure',
    'resource-data-sync-key',
    'root-has-mfa',
    'serial-console-off',
    'session-preferences-logged',
    'snapshot-private',
    'snapshot-sharing-blocked',
    'trail-logging',
  ]);
  // a secret in a tag is read by everybody from the moment it stands there; other tags may wait for the day's sweep
  for (const { id, sweep } of controls.filter((one) => /-tags?$/.test(one.id)))
    expect([id, sweep.atDeployment]).toEqual([id, id.endsWith('-sensitive-tags')]);
});

describe('a list', () => {
  // what loses something is seen only as it happens
  const listsNothing = ['mfa-kept'];
  // one after the other: functions/systems-manager/commands/lists.test.ts
  const listsSeveral = ['command-no-secrets', 'command-output-known'];
  const ofSeveralLists = ['image-builder-shared-known'];
  const controls = controlsOf(functions).filter(
    ({ id, kind }) => kind.is === 'resource' && ![...listsNothing, ...listsSeveral].includes(id),
  );
  const settings = { tags: [{ key: 'team' }], remove: [], names: ['*'] };
  /** What services call the token that one page gives and the next takes. */
  const tokens = ['NextToken', 'nextToken', 'ContinuationToken', 'NextContinuationToken', 'Marker', 'NextMarker', 'PaginationToken'];
  /** Asks for one part of a control's list; answers it with the first call that it made. */
  async function ask(control: AnyControl, from: string | undefined, answer: object) {
    const commands: AwsCommand[] = [];
    const call = async (command: AwsCommand): Promise<never> => {
      commands.push(command);
      // only the list itself has more
      return (commands.length === 1 ? answer : {}) as never;
    };
    const read: Reader = Object.assign(call, { many: async () => new Map() });
    const part = await control.list(read, { ...place, now: new Date(), settings, modeOf: () => 'off' }, from);
    const [first] = commands;
    // what AWS shows without pages, such as five trails at most, takes no token
    const isWhole = first !== undefined && !shapeOf(first).members.some((name) => tokens.includes(name));
    return { part, input: first?.input, isWhole };
  }

  test.each(controls.map((control) => [control.id, control] as const))('of %s has one page a call', async (_id, control) => {
    const first = await ask(control, undefined, Object.fromEntries(tokens.map((name) => [name, 'page-2'])));
    // of what there is only one, the id is known
    if (first.input === undefined) return expect(first.part).toEqual({ items: [expect.anything()] });
    if (first.isWhole) return expect(first.part).toEqual({ items: [] });
    expect(first.part).toEqual({ items: [], next: 'page-2' });
    const last = await ask(control, 'page-2', {});
    // of several lists, the next one follows the last page of the first
    expect(last.part).toEqual({ items: [], ...(ofSeveralLists.includes(control.id) && { next: '1|' }) });
    const token = tokens.find((name) => Reflect.get(last.input ?? {}, name) === 'page-2');
    expect(last.input).toEqual({ ...first.input, [token ?? 'no token']: 'page-2' });
    expect(Reflect.get(first.input ?? {}, token ?? '')).toBeUndefined();
  });

  test.each(finished(controls).map((control) => [control.id, control] as const))(
    'of %s says how long a page may be',
    async (_id, control) => {
      // without a size EC2 shows everything at once, or gives up
      const { part, input, isWhole } = await ask(control, undefined, {});
      if (input === undefined) return expect(part.items).toHaveLength(1);
      if (isWhole) return;
      expect(Object.keys(input ?? {}).some((name) => /^(max(Results|Records|Items)|limit)$/i.test(name))).toBe(true);
    },
  );

  test('of launch templates asks for no more than AWS takes', async () => {
    const control = controls.find(({ id }) => id === 'launch-template-owner-tag');
    if (!control) throw new Error('there is no such control');
    expect((await ask(control, undefined, {})).input).toMatchObject({ MaxResults: 200 });
  });
});
