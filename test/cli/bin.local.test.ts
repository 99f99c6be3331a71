import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the command starts by its file, as npx starts it', async () => {
  const bin = join(import.meta.dirname, '..', '..', 'cli', 'bin.js');
  const { stdout } = await promisify(execFile)(bin, ['--help'], { env: { ...process.env, NO_COLOR: '' } });
  expect(stdout).toContain('Exit codes: 0 what was asked happened');
  await expect(promisify(execFile)(bin, ['fixx'])).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean fix?') });
});
