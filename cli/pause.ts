import type { RedressConfig } from '#shared/finding/config.ts';
import { membersOf, ousNamed, regionsToJoin } from '#shared/finding/organization.ts';
import { type PauseScope, scopeKey, scopeText } from '#shared/finding/pause.ts';
import { jsonLine, plain } from '#shared/finding/text.ts';
import type { NamedPlace } from '#shared/ledger/items.ts';
import type { Pause } from '#shared/ledger/ledger.ts';
import { callerIdentity, type Deployment, findDeployment } from './deployment.ts';
import { Failure, trying } from './failure.ts';
import type { ExitCode, Session } from './session.ts';

/** Which part of what a hub serves is meant; without one all of it. */
interface Where {
  readonly account?: string;
  readonly inRegion?: string;
  readonly ou?: string;
  readonly config?: string;
}

/** `redress pause`: no fix begins until `redress resume`. */
export async function pause(session: Session, options: Where & { reason: string }): Promise<ExitCode> {
  const { terminal, json, where, now } = session;
  const reason = plain(options.reason).trim();
  if (reason === '') throw new Failure('--reason is empty; say why, for those who look later.', { exitCode: 2 });
  const part = await scopeOf(options);
  const [deployment, { arn }] = await Promise.all([findDeployment(where), callerIdentity(where)]);
  const { ledger } = deployment;
  checkIsHub(deployment, part);
  const [key, text] = [scopeKey(part), scopeText(part)];
  const before = await trying('read whether Redress is paused', () => ledger.paused(key === '' ? undefined : [key]));
  const set: Pause = before ?? { ...(text !== undefined && { in: text }), by: arn, at: now().toISOString(), reason };
  if (!before) await trying('write the pause to the ledger', () => ledger.setPause(set, key));
  if (json) terminal.out(jsonLine({ type: 'pause', isPaused: true, ...set }));
  else if (before) terminal.out(`Redress was paused already ${whoAndWhy(before)}`);
  else
    terminal.out(
      `Redress is paused${text === undefined ? '' : ` in ${text}`}. Every function stops within a minute, and finishes the fixes in progress. End the pause with \`redress resume\`${text === undefined ? '' : ' and the same options'}.`,
    );
  if (text !== undefined && !(await isServed(part, deployment.place, options.config)))
    terminal.err(`The config has no member in ${text}, so this stops nothing unless the deployed one has: is it what you meant?`);
  return 0;
}

/** `redress resume`: ends the pause. */
export async function resume({ terminal, json, where }: Session, options: Where): Promise<ExitCode> {
  const part = await scopeOf(options);
  const deployment = await findDeployment(where);
  const { ledger } = deployment;
  checkIsHub(deployment, part);
  const key = scopeKey(part);
  const before = await trying('read whether Redress is paused', () => ledger.paused(key === '' ? undefined : [key]));
  if (before) await trying('take the pause out of the ledger', () => ledger.setPause(undefined, key));
  const others = await trying('read which pauses are left', () => ledger.pauses());
  if (json) terminal.out(jsonLine({ type: 'pause', isPaused: others.length > 0, wasPaused: before !== undefined }));
  else terminal.out(before ? `Redress is running again. It was paused ${whoAndWhy(before)}` : 'Redress was not paused.');
  for (const one of others) terminal.err(`It is still paused ${whoAndWhy(one)}`);
  return 0;
}

/** Who paused, where, when and why, as the end of a sentence. */
export function whoAndWhy({ in: part, by, at, reason }: Pause): string {
  return `${part === undefined ? '' : `in ${plain(part)} `}by ${plain(by)} since ${plain(at)}: ${plain(reason)}`;
}

async function scopeOf({ account, inRegion: region, ou, config: file }: Where): Promise<PauseScope> {
  if (account !== undefined && !/^\d{12}$/.test(account))
    throw new Failure(`${plain(account)} is no account id of 12 digits.`, { exitCode: 2 });
  if (ou === undefined) return { ...(account !== undefined && { account }), ...(region !== undefined && { region }) };
  if (account !== undefined || region !== undefined)
    throw new Failure('--ou is for a whole OU: leave --account and --in-region out.', { exitCode: 2 });
  const { organization = {} } = await configOf(file);
  const named = ousNamed(organization, ou);
  const one = named.find(({ path }) => path === ou) ?? (named.length === 1 ? named[0] : undefined);
  // functions know an OU by its path alone
  if (one) return { ou: one.path };
  throw named.length === 0
    ? new Failure(`The config ${file ?? 'redress.config.ts'} has no OU ${plain(ou)}.`, {
        next: 'OUs stand under `organization.ous`.',
        exitCode: 2,
      })
    : new Failure(`Several OUs are called ${plain(ou)}.`, {
        next: `Name one by its path: ${named.map(({ path }) => path).join(', ')}.`,
        exitCode: 2,
      });
}

/** The config, whose reader is loaded for a part alone: what stops everything needs as little as it can. */
async function configOf(file: string | undefined): Promise<RedressConfig> {
  const [{ loadConfig, PROJECT_CONFIG }, { discoverFunctions }] = await Promise.all([
    import('../infra/synth.ts'),
    import('../infra/catalog.ts'),
  ]);
  return await loadConfig(file ?? PROJECT_CONFIG, await discoverFunctions());
}

/** Whether the config serves any place of an account or a Region; what cannot be read must not keep anybody from a pause. */
async function isServed(part: PauseScope, own: NamedPlace, file: string | undefined): Promise<boolean> {
  if ('ou' in part) return true;
  const config = await configOf(file).catch(() => undefined);
  if (!config) return true;
  // who joins by itself is in no list
  const mayJoin = regionsToJoin(config).filter((region) => (part.region ?? region) === region);
  if (part.account !== undefined && mayJoin.length > 0) return true;
  const places = membersOf(config.organization ?? {}).flatMap(({ account, regions }) => regions.map((region) => ({ account, region })));
  const isIn = ({ account, region }: NamedPlace) => (part.account ?? account) === account && (part.region ?? region) === region;
  return [own, ...places].some(isIn);
}

/** Refuses a part where functions look for no other pause than the one for everything. */
function checkIsHub({ isHub, stack }: Deployment, part: PauseScope): void {
  if (!isHub && scopeKey(part) !== '')
    throw new Failure(`The stack ${stack} is no hub: it serves one account and Region, and is paused as a whole.`, {
      next: 'Leave --account, --in-region and --ou out.',
      exitCode: 2,
    });
}
