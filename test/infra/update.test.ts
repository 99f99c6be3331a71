import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Resource, type Template, templateOf } from './template.ts';

/** What holds data in a stack of before: its logical ids, and the properties whose change would replace it. */
const before: { readonly resources: { readonly [id: string]: Resource } } = JSON.parse(
  await readFile(join(import.meta.dirname, 'fixtures', 'stack-a0bcc09.json'), 'utf8'),
);

let template: Template;
beforeAll(async () => {
  template = await templateOf({ trail: true, alerts: { amazonQ: true } });
});
afterAll(() => template?.remove());

test.each(Object.entries(before.resources))('an update of the stack of before keeps %s', (id, { Type, DeletionPolicy, Properties }) => {
  const now = template.resources.get(id) ?? expect.fail(`${id} would be deleted, with what is in it`);
  // an attribute that an index needs may come; AWS replaces the table if one changes: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
  const { AttributeDefinitions: attributes, ...others } = Properties;
  expect(now).toMatchObject({ Type, Properties: others });
  if (attributes) expect(now.Properties['AttributeDefinitions']).toEqual(expect.arrayContaining(attributes));
  if (DeletionPolicy) expect(now.DeletionPolicy).toBe(DeletionPolicy);
});

test('a dead-letter queue that is kept from before is named in the outputs, so that it can still be emptied', () => {
  const kept = Object.entries(before.resources).filter(([, { Properties }]) => /-dlq$/.test(Properties.QueueName ?? ''));
  expect(kept.length).toBeGreaterThan(0);
  const values = Object.entries(template.outputs).filter(([name]) => name.endsWith('DeadLetterQueueUrl'));
  for (const [id] of kept) expect(values.map(([, { Value }]) => Value)).toContainEqual({ Ref: id });
});
