import { describe, expect, test } from 'vitest';
import type { AnyControl, ControlFunction } from '#shared/control/control.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { changesSince, type Released, released, releasedOf, withChanges } from '../../scripts/changelog.ts';

const [volumes] = (await discoverFunctions()).filter(({ id }) => id === 'volumes');
const [first] = volumes?.controls ?? [];
if (!volumes || !first) throw new Error('there is no function volumes');

const withActions = (id: string, reads: readonly string[], writes: readonly string[]): AnyControl => ({
  ...first,
  id,
  permissions: { reads: reads.map((action) => ({ action })), writes: writes.map((action) => ({ action })) },
});
const functions = (...controls: AnyControl[]): ControlFunction[] => [{ id: 'volumes', kinds: volumes.kinds, controls }];
const before: Released = {
  version: '0.1.0',
  controls: {
    'a-good': { reads: ['ec2:DescribeVolumes'], writes: ['ec2:CreateTags'] },
    'b-good': { reads: ['ec2:DescribeVolumes'], writes: [] },
    'c-good': { reads: ['ec2:DescribeImages'], writes: [] },
  },
};

describe('the list of permissions in the changelog', () => {
  test('says what each control gained and lost, what is new, and what is gone', () => {
    const now = functions(
      withActions('a-good', ['ec2:DescribeVolumes', 'kms:DescribeKey'], ['ec2:CopyVolumes']),
      withActions('b-good', ['ec2:DescribeVolumes'], []),
      withActions('d-good', ['s3:ListAllMyBuckets'], []),
    );
    expect(changesSince(before, now)).toBe(
      [
        'Compared with 0.1.0.',
        'In the role `redress-volumes-<region>`:',
        '- `a-good` reads also `kms:DescribeKey`; it writes also `ec2:CopyVolumes`; it no longer writes `ec2:CreateTags`.\n- `d-good` is new. It reads `s3:ListAllMyBuckets`; it writes nothing.',
        'No role has the permissions of `c-good` any more.',
      ].join('\n\n'),
    );
  });

  test('says so where nothing changed', () => {
    const now = functions(withActions('a-good', ['ec2:DescribeVolumes'], []));
    const same: Released = JSON.parse(releasedOf('0.2.0', now));
    expect(changesSince(same, now)).toBe('Compared with 0.2.0.\n\nNo control may do more or less than before.');
  });

  test('keeps what people wrote around it', () => {
    const text = '# Changelog\n\n## [0.1.0]\n\n<!-- permissions:begin -->\nold\n<!-- permissions:end -->\n\nA sentence.\n';
    const changed = withChanges(text, functions(), before);
    expect(changed).toContain(
      'No role has the permissions of `a-good`, `b-good`, `c-good` any more.\n<!-- permissions:end -->\n\nA sentence.\n',
    );
    expect(changed).not.toContain('old');
    expect(() => withChanges('# Changelog\n', functions(), before)).toThrow(/CHANGELOG\.md must hold <!-- permissions:begin -->/);
  });

  test('stays as it was released, under a new section', () => {
    const text = '# Changelog\n\n## [0.1.0]\n\n<!-- permissions:begin -->\nthe list\n<!-- permissions:end -->\n\nA sentence.\n';
    expect(released(text)).toBe(
      '# Changelog\n\n## [Unreleased]\n\n### Permissions\n\n<!-- permissions:begin -->\n<!-- permissions:end -->\n\n## [0.1.0]\n\nthe list\n\nA sentence.\n',
    );
  });
});
