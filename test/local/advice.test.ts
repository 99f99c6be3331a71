import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { word } from '#shared/control/command.ts';
import { adviceCommands } from '../support/advice.ts';
import { type AwsShell, awsShell } from '../support/aws-cli/aws-cli.ts';

let shell: AwsShell;
beforeAll(async () => {
  shell = await awsShell();
});
afterAll(() => shell.remove());

describe('the AWS CLI takes each command of an advice', () => {
  test.each(adviceCommands)('%s', async (command) => {
    // what the steps before it have set
    const { calls } = await shell.run(`SNAPSHOT=snap-1 COPY=vol-2; ${command}`, undefined, 'a value\n');
    expect(calls.length).toBeGreaterThanOrEqual(command.split(/(?:^|[(\s])aws (?=[a-z])/).length - 1);
  });
});

test('a command that the AWS CLI does not know is refused', async () => {
  await expect(shell.run('aws ec2 create-replace-root-volume-task --instance-id i-1 --delete-replaced-root-volume false')).rejects.toThrow(
    'Unknown options: false',
  );
  await expect(shell.run('aws ec2 copy-snapshot --encrypted')).rejects.toThrow('--source-snapshot-id');
});

test.each(['x', '', "it's", '`id`', '$(id)', 'a\nb', 'grün', '-n', '!x', '\\', '"', '\x7f', '~', '=ls'])(
  'a shell reads %j from its word',
  async (value) => {
    const { output } = await shell.run(`printf '%s' ${word(value)} | od -An -v -tx1`);
    expect(output.replace(/\s/g, '')).toBe(Buffer.from(value).toString('hex'));
  },
);
