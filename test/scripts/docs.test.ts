import { glob, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import type { Permission } from '#shared/control/types.ts';
import { outcomes, reasonCodes, statuses } from '#shared/finding/finding.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';

const root = join(import.meta.dirname, '..', '..');
const pages: string[] = [];
for await (const page of glob(['*.md', 'docs/**/*.md'], { cwd: root })) pages.push(page);

test.each(pages)('the links of %s lead somewhere', async (page) => {
  const text = await readFile(join(root, page), 'utf8');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^[a-z]+:/.test(link));
  const broken = await Promise.all(links.map(async (link) => ((await leads(page, link)) ? [] : [link])));
  expect(broken.flat()).toEqual([]);
});

test.each(controlsOf(await discoverFunctions()))('the changelog names every permission of $id', async ({ id, permissions }) => {
  const lines = (await readFile(join(root, 'CHANGELOG.md'), 'utf8')).split('\n').filter((line) => line.includes(`\`${id}\``));
  const unnamed = [...permissions.reads, ...permissions.writes].filter(
    ({ action }) => !lines.some((line) => line.includes(`\`${action}\``)),
  );
  expect(unnamed.map(({ action }) => action)).toEqual([]);
});

test('the docs say what every reason, outcome and status means', async () => {
  const text = await readFile(join(root, 'docs', 'alerts.md'), 'utf8');
  const cells = text.split('\n').flatMap((line) => (line.startsWith('| `') ? (line.split(' | ')[0]?.match(/`[^`]+`/g) ?? []) : []));
  expect(cells).toEqual(expect.arrayContaining([...reasonCodes, ...outcomes].map((code) => `\`${code}\``)));
  const operations = await readFile(join(root, 'docs', 'operations.md'), 'utf8');
  expect(statuses.filter((status) => !new RegExp(`^\\| .*\`${status}\`.* \\|`, 'm').test(operations))).toEqual([]);
});

test('the service control policy is JSON that fits AWS', async () => {
  const safety = await readFile(join(root, 'docs', 'safety.md'), 'utf8');
  const policy: unknown = JSON.parse(/```json\n([^`]+)```/.exec(safety)?.[1] ?? '');
  // 5,120 characters is the most that AWS Organizations takes
  expect(JSON.stringify(policy).length).toBeLessThan(5120);
  expect(policy).toMatchObject({ Version: '2012-10-17' });
});

test('the service control policy lets every role mark what it makes in the place of something else', async () => {
  const safety = await readFile(join(root, 'docs', 'safety.md'), 'utf8');
  // what replaces something else is marked in the call that makes it
  const makes = ({ action, conditions }: Permission) =>
    action === 'ec2:CreateTags' &&
    /^(?:Copy|CreateLaunchTemplate)/.test([conditions?.['StringEquals']?.['ec2:CreateAction']].flat().join());
  const makers = (await discoverFunctions()).filter(({ controls }) => controls.some(({ permissions }) => permissions.writes.some(makes)));
  expect(makers.map(({ id }) => id)).toContain('images');
  expect(makers.map(({ id }) => id).filter((id) => !safety.includes(`arn:aws:iam::*:role/redress-${id}-eu-west-1`))).toEqual([]);
});

async function leads(page: string, link: string): Promise<boolean> {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : relative(root, join(root, dirname(page), path));
  const found = await stat(join(root, target)).catch(() => undefined);
  if (!found || anchor === undefined) return found !== undefined;
  const text = await readFile(join(root, target), 'utf8');
  return [...text.matchAll(/^#+ (.+)$/gm)].some(([, heading = '']) => slug(heading) === anchor);
}

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
