import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { motoCommands, motoEnvironment, nurseryVariable } from '../../local/emulator/moto.ts';
import { sleep, startProgram } from '../../local/runtime/processes.ts';

/** Starts what forks moto servers for the tests, which saves each of them seconds of loading; without it they start their own. */
export async function startMotoNursery(folder: string): Promise<() => Promise<void>> {
  const socket = join(folder, 'moto');
  const { value: found } = await motoCommands().next();
  if (found === undefined) return async () => undefined;
  const [command, ...args] = found;
  const nursery = startProgram(command, args, { ...motoEnvironment(), REDRESS_NURSERY_SOCKET: socket });
  let isAlive = true;
  void nursery.exited.then(() => {
    isAlive = false;
  });
  const listens = (): Promise<boolean> =>
    access(socket).then(
      () => true,
      () => false,
    );
  while (isAlive && !(await listens())) await sleep(30);
  if (isAlive) process.env[nurseryVariable] = socket;
  return async () => {
    delete process.env[nurseryVariable];
    await nursery.stop();
  };
}
