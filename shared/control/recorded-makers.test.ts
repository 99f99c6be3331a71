import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { actorOf } from './actor.ts';
import { makerOf } from './maker.ts';
import { recordSchema } from './record.ts';

const folders = ['../shared/cloudtrail/records', '../shared/cloudtrail/relatives'].filter((folder) => existsSync(folder));
const recorded = folders.flatMap((folder) =>
  readdirSync(folder).map((file): [string, unknown] => [file, JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))]),
);

describe.runIf(recorded.length > 0)('every recorded identity is resolved, or said to be unknown', () => {
  test.each(recorded)('%s', (_name, record) => {
    const parsed = v.safeParse(recordSchema, record);
    if (!parsed.success) return;
    const { is, name } = makerOf(parsed.output);
    if (is === 'unknown') expect(name).toBe('unknown');
    else if (is !== 'stack') {
      expect(name).toMatch(/^[^\s].*$/);
      expect(actorOf(parsed.output).name).toBe(name);
    }
  });
});
