import type { AnyControl } from '#shared/control/control.ts';
import { type RedressConfig, resolveControl } from '#shared/finding/config.ts';
import { jsonLine, plain } from '#shared/finding/text.ts';
import { controlsOf, discoverFunctions } from '../infra/catalog.ts';
import { loadConfig, PROJECT_CONFIG } from '../infra/synth.ts';
import { callerIdentity } from './deployment.ts';
import { paintSeverity, table } from './draw.ts';
import type { ExitCode, Session } from './session.ts';

/** `redress controls`: what is watched, and how far each control goes here. */
export async function controls(session: Session, { config: file = PROJECT_CONFIG }: { config?: string }): Promise<ExitCode> {
  const { terminal, json } = session;
  const functions = await discoverFunctions();
  const config = await loadConfig(file, functions);
  const place = await placeOf(config, session);
  const rows = functions.flatMap(({ id: name, controls }) =>
    controls.map((control) => {
      const { id, title, severity, defaultMode } = control;
      const { mode } = resolveControl(config, control, place?.account ?? '', place?.region ?? '');
      return { type: 'control', id, kind: name, title, severity, mode, defaultMode, triggers: triggersOf(control) };
    }),
  );
  if (json) {
    for (const row of rows) terminal.out(jsonLine({ ...row, account: place?.account ?? null, region: place?.region ?? null }));
    return 0;
  }
  const { paint } = terminal;
  terminal.out(
    table(
      ['CONTROL', 'SEVERITY', 'MODE', 'WHAT IT CHECKS', 'LOOKS AT'],
      rows.map(({ id, severity, mode, title, triggers }) => [
        paint.bold(id),
        paintSeverity(severity, paint),
        mode === 'off' ? paint.dim(mode) : mode,
        title,
        triggers.join(', '),
      ]),
      terminal,
    ),
  );
  if (place)
    terminal.err(`Modes are those of ${place.account} in ${place.region}, by the config on this machine; what is deployed may be older.`);
  if (controlsOf(functions).length === 0) terminal.err('There are no controls.');
  return 0;
}

/** The account and Region, if the config makes a difference between them and AWS says who asks. */
async function placeOf(config: RedressConfig, { terminal, where }: Session): Promise<{ account: string; region: string } | undefined> {
  if (!config.organization && Object.keys(config.accounts ?? {}).length === 0) return undefined;
  try {
    terminal.progress('Asking AWS which account this is …');
    return await callerIdentity(where);
  } catch (error) {
    terminal.err(
      `Modes are those of accounts that the config does not name. ${plain(error instanceof Error ? error.message : String(error))}`,
    );
    return undefined;
  }
}

function triggersOf({ triggers, sweep }: AnyControl): string[] {
  const calls = triggers.flatMap(({ eventNames, detailType, eventSource }) =>
    eventNames.length > 0
      ? eventNames.map((name) => (name.startsWith('{settings.') ? 'calls that its settings name' : name))
      : [detailType ?? `every call of ${eventSource === '*' ? 'any service' : eventSource}`],
  );
  return [...new Set(calls), `every ${sweep.every.replace(/^1 /, '')}`, ...(sweep.atDeployment ? ['deployment'] : [])];
}
