import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Trigger } from '#shared/control/control.ts';
import { findingSchema } from '#shared/finding/finding.ts';
import { differences, findingJsonSchema, TABLE, write } from '../../scripts/generated.ts';
import { settingsOf, triggerLines } from '../../scripts/words.ts';
import { type Copy, copyProject } from './copy.ts';

const root = join(import.meta.dirname, '..', '..');

test('what is generated is as the controls say', async () => {
  const found = await differences(root);
  expect(
    found.map(({ path }) => path),
    'run `npm run generate`',
  ).toEqual([]);
});

describe('in a copy of the project', () => {
  // the same copy for all, whose modules are loaded once
  let copy: Copy;
  let others: Awaited<ReturnType<typeof differences>>;
  beforeAll(async () => {
    copy = await copyProject('functions', 'shared', 'infra', 'scripts', 'docs');
    // README.md and CHANGELOG.md, of nothing but what is generated
    others = await differences(copy.folder);
  });
  beforeEach(async () => {
    await rm(join(copy.folder, 'docs'), { recursive: true });
    for (const name of ['docs', 'functions']) await cp(join(root, name), join(copy.folder, name), { recursive: true });
    await write(copy.folder, others);
  });
  afterAll(() => copy.remove());

  test('--check names each file that differs, and changes none', async () => {
    await appendFile(join(copy.folder, 'docs/controls/volume-encrypted.md'), 'by hand\n');
    await writeFile(join(copy.folder, 'functions/volumes/generated.ts'), 'export const controls = [] as const;\n');
    await writeFile(join(copy.folder, 'docs/controls/volume-gone.md'), '# volume-gone\n');
    const { code, output } = await copy.node('scripts/generate.ts', '--check');
    expect(code, output).toBe(1);
    expect(output).toContain('docs/controls/volume-encrypted.md is not what');
    expect(output).toContain('functions/volumes/generated.ts is not what');
    expect(output).toContain('docs/controls/volume-gone.md belongs to no control');
    expect(output).not.toContain('ebs-default-encryption');
    expect(await readFile(join(copy.folder, 'functions/volumes/generated.ts'), 'utf8')).toContain('controls = []');
  });

  test('without --check it sets them right, and then there is nothing to do', async () => {
    await rm(join(copy.folder, 'docs/controls'), { recursive: true });
    await writeFile(join(copy.folder, 'functions/volumes/generated.ts'), '');
    const { code, output } = await copy.node('scripts/generate.ts');
    expect(code, output).toBe(0);
    expect(output).toContain('written functions/volumes/generated.ts');
    expect(await differences(copy.folder)).toEqual([]);
  });

  test('the README keeps everything outside the markers', async () => {
    const file = join(copy.folder, 'README.md');
    await writeFile(file, `# Title\n\n${TABLE.begin}\nold\n${TABLE.end}\n\nThe end.\n`);
    const found = await differences(copy.folder);
    expect(found.map(({ path }) => path)).toEqual(['README.md']);
    await write(copy.folder, found);
    const text = await readFile(file, 'utf8');
    expect(text.startsWith(`# Title\n\n${TABLE.begin}\n| Control |`)).toBe(true);
    expect(text.endsWith(`|\n${TABLE.end}\n\nThe end.\n`)).toBe(true);
    expect(text).toContain('| [`volume-encrypted`](docs/controls/volume-encrypted.md) | EBS volumes are encrypted | `observe` |');
    expect(await differences(copy.folder)).toEqual([]);
  });

  test('what the roles deny themselves has a section of its own', async () => {
    const all = await readFile(join(copy.folder, 'docs/permissions.md'), 'utf8');
    const of = sectionOf(all, '## What each role of a function denies itself');
    expect(of).toContain('where the configuration sets `approve` or `fix` somewhere');
    expect(of).toContain('| Action | Resource | Condition |\n| --- | --- | --- |\n| `kms:Decrypt` | `*` | StringEquals: `kms:ViaService`');
    expect(of).toContain('| `ssm:GetParameter*` | the parameters that the configuration names for Slack | none |');
  });

  test('a release makes what controls may do now the state to compare with', async () => {
    await writeFile(join(copy.folder, 'CHANGELOG.md'), await readFile(join(root, 'CHANGELOG.md'), 'utf8'));
    const { code, output } = await copy.node('scripts/generate.ts', '--released', '9.9.9');
    expect(code, output).toBe(0);
    const changelog = await readFile(join(copy.folder, 'CHANGELOG.md'), 'utf8');
    expect(changelog).toContain('Compared with 9.9.9.\n\nNo control may do more or less than before.');
    expect(changelog).toContain('- `volume-encrypted` is new.');
    expect((await copy.node('scripts/generate.ts', '--check')).output).toContain('Everything generated is up to date.');
  });

  test('a README without its markers is an error that says so', async () => {
    await writeFile(join(copy.folder, 'README.md'), `# Title\n${TABLE.end}\n${TABLE.begin}\n`);
    await expect(differences(copy.folder)).rejects.toThrow(/README\.md must hold <!-- controls:begin -->/);
  });
});

function sectionOf(page: string, heading: string): string {
  const [, after = ''] = page.split(`${heading}\n`);
  return after.split(/^#/m)[0] ?? '';
}

describe('the words of a page', () => {
  test('a trigger with conditions', () => {
    const where = { responseElements: { encrypted: [false] }, requestParameters: { type: ['gp2', 'gp3'] } };
    expect(triggerLines({ eventSource: 'ec2.amazonaws.com', eventNames: ['CreateVolume'], where })).toEqual([
      "- `ec2:CreateVolume`, when the record's `responseElements.encrypted` is `false` and its `requestParameters.type` is `gp2` or `gp3`",
    ]);
  });

  test.each<[Trigger, string]>([
    [
      { eventSource: 'signin.amazonaws.com', eventNames: ['ConsoleLogin'], detailType: 'AWS Console Sign In via CloudTrail' },
      '- `signin:ConsoleLogin` (`AWS Console Sign In via CloudTrail`)',
    ],
    [
      { eventSource: 'ec2.amazonaws.com', eventNames: [], detailType: 'EC2 AMI State Change', where: { State: ['available'] } },
      "- the event `EC2 AMI State Change`, when the event's `State` is `available`",
    ],
    [
      { eventSource: '*', eventNames: [], where: { userIdentity: { type: ['Root'], invokedBy: [{ exists: false }] } } },
      "- every call of any service, when the record's `userIdentity.type` is `Root` and its `userIdentity.invokedBy` is absent",
    ],
    [
      {
        eventSource: '*',
        eventNames: ['{settings.calls.*.*}'],
        where: { additionalEventData: { MFAUsed: [{ 'anything-but': ['Yes'] }] } },
      },
      "- each call that the setting `calls` names, when the record's `additionalEventData.MFAUsed` is not `Yes`",
    ],
    [
      { eventSource: 'ssm.amazonaws.com', eventNames: ['UpdateServiceSetting'], where: { settingId: [{ suffix: '-permission' }] } },
      "- `ssm:UpdateServiceSetting`, when the record's `settingId` is `*-permission`",
    ],
    [
      { eventSource: '*', eventNames: [], onlyIf: 'fips', where: { host: [{ 'anything-but': { wildcard: ['*-fips.*', 'fips.*'] } }] } },
      "- every call of any service, when the record's `host` is neither `*-fips.*` nor `fips.*`, where the setting `fips` is on",
    ],
  ])('a trigger on another event: %#', (trigger, line) => expect(triggerLines(trigger)).toEqual([line]));

  test('settings with a default, without one, and with a meaning', () => {
    const settings = {
      settleSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.description('How long it must have been so.')), 900),
      kmsKey: v.optional(v.string()),
      size: v.optional(v.picklist(['small', 'large']), 'small'),
    };
    expect(settingsOf(settings)).toEqual([
      { name: 'settleSeconds', takes: 'integer, at least 0', byDefault: '900', meaning: 'How long it must have been so.' },
      { name: 'kmsKey', takes: 'string', byDefault: undefined, meaning: '' },
      { name: 'size', takes: 'one of `"small"`, `"large"`', byDefault: '"small"', meaning: '' },
    ]);
  });
});

test('the schema of a finding names every field that is required', () => {
  const schema: unknown = JSON.parse(findingJsonSchema());
  const optional = ['order', 'canUndo', 'changed', 'doneBy', 'exemption', 'isFailedUndo', 'owner', 'reason', 'costs', 'plan'];
  const wanted = Object.keys(findingSchema.entries).filter((key) => !optional.includes(key));
  expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'urn:redress:finding:2', required: wanted });
});
