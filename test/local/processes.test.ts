import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nurseryVariable, startMoto } from '../../local/emulator/moto.ts';
import { patience } from '../support/patience.ts';

const root = join(import.meta.dirname, '..', '..');
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  vi.unstubAllEnvs();
});

// as at a user's: each moto is a process of its own
beforeEach(() => vi.stubEnv(nurseryVariable, undefined));

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  return child;
}

async function seen(child: ChildProcess, text: string): Promise<void> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await vi.waitFor(() => expect(output).toContain(text), patience);
}

interface Listed {
  readonly pid: number;
  readonly parent: number;
}

function processes(): Listed[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => state?.startsWith('Z') === false)
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

function descendants(pid: number | undefined, all = processes()): number[] {
  return all.filter(({ parent }) => parent === pid).flatMap((child) => [child.pid, ...descendants(child.pid, all)]);
}

async function expectGone(pids: readonly number[]): Promise<void> {
  await vi.waitFor(() => expect(processes().filter(({ pid }) => pids.includes(pid))).toEqual([]), patience);
}

describe('no process is left', () => {
  test('after a crash of the parent', async () => {
    const parent = start(join(import.meta.dirname, 'fixtures', 'start.ts'));
    await seen(parent, 'running');
    const pids = descendants(parent.pid);
    // moto, its guard, and at least one function
    expect(pids.length).toBeGreaterThanOrEqual(3);
    parent.kill('SIGKILL');
    await expectGone(pids);
  });

  test('after a stop in the middle of a batching window, so that the parent ends by itself', async () => {
    const parent = start(join(import.meta.dirname, 'fixtures', 'start.ts'), 'stop');
    expect((await once(parent, 'exit'))[0]).toBe(0);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('after %s, also during the start', async (signal) => {
    const parent = start(join(root, 'local', 'main.ts'), '--json');
    await seen(parent, signal === 'SIGINT' ? 'Endpoint:' : 'Starting moto');
    await vi.waitFor(() => expect(descendants(parent.pid)).not.toEqual([]), patience);
    const pids = descendants(parent.pid);
    const exit = once(parent, 'exit');
    parent.kill(signal);
    expect((await exit)[0]).toBe(0);
    await expectGone(pids);
  });
});

test('without moto and without Python, it says what to install', async () => {
  vi.stubEnv('PATH', mkdtempSync(join(tmpdir(), 'empty-')));
  await expect(startMoto({ venv: join(tmpdir(), 'redress-no-venv') })).rejects.toThrow(/neither that nor Python 3.10 or newer/);
});
