import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Finding } from '#shared/finding/finding.ts';

/** The commands that findings of the controls' cases give to people; test/local/advice.test.ts has the AWS CLI parse each. */
export const adviceCommands: readonly string[] = JSON.parse(
  readFileSync(new URL('../fixtures/advice-commands.json', import.meta.url), 'utf8'),
);

/** What a section of a message takes, so that no command is shown in part. */
const MOST = 1200;

/** The commands of the AWS CLI in a text. */
export function commandsIn(text: string): string[] {
  return [...text.matchAll(/`([^`]*\baws [a-z][a-z0-9-]* [a-z][^`]*)`/g)].flatMap(([, command]) => command ?? []);
}

/** Fails on a command that the list lacks, that is shown in part, and on one of Redress that lacks its finding. */
export function checkCommands({ advice, says, found, now, id }: Finding): void {
  const texts = [...advice.map((one) => one.says), says, found ?? '', now ?? ''];
  for (const text of texts) {
    for (const command of commandsIn(text)) expect(adviceCommands, 'test/fixtures/advice-commands.json').toContain(command);
    for (const [, order] of text.matchAll(/`redress (?:fix|undo)([^`]*)`/g)) expect(order, text).toBe(` ${id}`);
  }
  for (const { says: text } of advice) if (commandsIn(text).length > 0) expect(text.length, text).toBeLessThan(MOST);
}
