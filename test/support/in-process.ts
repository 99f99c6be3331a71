import { ChildProcess } from 'node:child_process';
import { pace } from '#shared/aws/pace.ts';

// a test of the layer `unit` starts no process, so that the layer stays fast and `npm run mutate` can run it again and again
Object.assign(ChildProcess.prototype, { spawn: refuse });

// and no time is waited for
pace.pause = async () => undefined;

function refuse(): never {
  throw new Error('A test of the layer `unit` starts a process: name its file *.local.test.ts.');
}
