import { jsonLine, plain } from '#shared/finding/text.ts';
import type { Pause } from '#shared/ledger/ledger.ts';
import { callerIdentity, findDeployment } from './deployment.ts';
import { Failure, trying } from './failure.ts';
import type { ExitCode, Session } from './session.ts';

/** `redress pause`: no fix begins until `redress resume`. */
export async function pause(session: Session, options: { reason: string }): Promise<ExitCode> {
  const { terminal, json, where, now } = session;
  const reason = plain(options.reason).trim();
  if (reason === '') throw new Failure('--reason is empty; say why, for those who look later.', { exitCode: 2 });
  const [{ ledger }, { arn }] = await Promise.all([findDeployment(where), callerIdentity(where)]);
  const before = await trying('read whether Redress is paused', () => ledger.paused());
  const set: Pause = before ?? { by: arn, at: now().toISOString(), reason };
  if (!before) await trying('write the pause to the ledger', () => ledger.setPause(set));
  if (json) terminal.out(jsonLine({ type: 'pause', isPaused: true, ...set }));
  else if (before) terminal.out(`Redress was paused already ${whoAndWhy(before)}`);
  else
    terminal.out(
      'Redress is paused. Every function stops within a minute, and finishes the fixes in progress. End the pause with `redress resume`.',
    );
  return 0;
}

/** `redress resume`: ends the pause. */
export async function resume({ terminal, json, where }: Session): Promise<ExitCode> {
  const { ledger } = await findDeployment(where);
  const before = await trying('read whether Redress is paused', () => ledger.paused());
  if (before) await trying('take the pause out of the ledger', () => ledger.setPause(undefined));
  if (json) terminal.out(jsonLine({ type: 'pause', isPaused: false, wasPaused: before !== undefined }));
  else terminal.out(before ? `Redress is running again. It was paused ${whoAndWhy(before)}` : 'Redress was not paused.');
  return 0;
}

/** Who paused, when and why, as the end of a sentence. */
export function whoAndWhy({ by, at, reason }: Pause): string {
  return `by ${plain(by)} since ${plain(at)}: ${plain(reason)}`;
}
