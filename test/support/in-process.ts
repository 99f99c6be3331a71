import { ChildProcess } from 'node:child_process';

// a test of the layer `unit` starts no process, so that the layer stays fast and `npm run mutate` can run it again and again
Object.assign(ChildProcess.prototype, { spawn: refuse });

function refuse(): never {
  throw new Error('A test of the layer `unit` starts a process: name its file *.local.test.ts.');
}
