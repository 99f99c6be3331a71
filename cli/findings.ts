import type { Finding } from '#shared/finding/finding.ts';
import { accountsIn } from '#shared/finding/organization.ts';
import { jsonLine, plain } from '#shared/finding/text.ts';
import { dayOfFinding, type Ledger } from '#shared/ledger/ledger.ts';
import { discoverFunctions } from '../infra/catalog.ts';
import { loadConfig, PROJECT_CONFIG } from '../infra/synth.ts';
import { findDeployment } from './deployment.ts';
import { describe } from './describe.ts';
import { paintStatus, table } from './draw.ts';
import { Failure, trying } from './failure.ts';
import type { ExitCode, Session } from './session.ts';
import { ago, daysBetween, parseSince } from './times.ts';
import { localView } from './view.ts';

/** What `redress findings` takes. */
export interface FindingsOptions {
  readonly status?: readonly string[];
  readonly control?: string;
  readonly account?: string;
  /** The path, name or id of an OU of the config. */
  readonly ou?: string;
  readonly config?: string;
  readonly since: string;
  readonly limit?: number;
}

/** How many days of the ledger are read at once. */
const DAYS_AT_ONCE = 10;

/** `redress findings`: what was found, newest first. */
export async function findings(session: Session, options: FindingsOptions, id?: string): Promise<ExitCode> {
  if (id !== undefined) return await show(session, {}, id);
  const { terminal, json, where, now } = session;
  const since = parseSince(options.since, now());
  const { ledger } = await findDeployment(where);
  const accounts = await accountsOf(options);
  const isWanted = ({ status, control, account }: Finding) =>
    (options.status?.includes(status) ?? true) &&
    (options.control === undefined || control === options.control) &&
    (accounts?.includes(account) ?? true);
  const found = await trying('read the findings from the ledger', () =>
    findingsSince(ledger, since, now(), isWanted, options.limit, terminal.progress),
  );
  if (json) {
    for (const finding of found) terminal.out(jsonLine(finding));
    return 0;
  }
  if (found.length === 0) {
    terminal.err(`There are no findings${filterText(options)} since ${since.toISOString().slice(0, 16).replace('T', ' ')} UTC.`);
    return 0;
  }
  const { paint, width } = terminal;
  // of one place alone, saying it in each line says nothing
  const isOfMany = found.some(({ account, region }) => account !== found[0]?.account || region !== found[0]?.region);
  const rows = found.map(({ id: name, account, region, status, control, resource, actor, timings }) => [
    plain(name),
    ...(isOfMany ? [plain(account), plain(region)] : []),
    ago(timings.receivedAt, now()),
    paintStatus(status, paint),
    plain(control),
    plain(resource.id),
    `${plain(actor.name)} ${paint.dim(plain(actor.via))}`,
  ]);
  terminal.out(
    table(['FINDING', ...(isOfMany ? ['ACCOUNT', 'REGION'] : []), 'AGE', 'STATUS', 'CONTROL', 'RESOURCE', 'BY'], rows, terminal),
  );
  if (width !== undefined) terminal.err(`${found.length} of them${filterText(options)}. See one in full with \`redress show ID\`.`);
  return 0;
}

/** `redress show`: one finding in full. */
export async function show({ terminal, json, where, now }: Session, _options: object, id = ''): Promise<ExitCode> {
  checkId(id);
  const { ledger, stack } = await findDeployment(where);
  const { finding } = await findingOf(ledger, id, stack);
  if (json) terminal.out(jsonLine(finding));
  else for (const line of describe(await localView(finding, terminal.err), terminal.paint, now())) terminal.out(line);
  return 0;
}

/** The findings since a time that are wanted, newest first. */
export async function findingsSince(
  ledger: Ledger,
  since: Date,
  until: Date,
  isWanted: (finding: Finding) => boolean,
  limit = Number.POSITIVE_INFINITY,
  progress: (text?: string) => void = () => undefined,
): Promise<readonly Finding[]> {
  const days = daysBetween(since, until);
  const found: Finding[] = [];
  for (let at = 0; at < days.length && found.length < limit; at += DAYS_AT_ONCE) {
    if (at > 0) progress(`Reading the ledger, back to ${days[at]} …`);
    const some = days.slice(at, at + DAYS_AT_ONCE);
    const ofDays = await Promise.all(some.map((day) => ledger.findingsOf(day)));
    const wanted = ofDays
      .flat()
      .flatMap(({ finding }) => (Date.parse(finding.event.time) >= since.getTime() && isWanted(finding) ? [finding] : []));
    found.push(...wanted.sort((a, b) => b.timings.receivedAt.localeCompare(a.timings.receivedAt)));
  }
  progress();
  return found.slice(0, limit);
}

/** Refuses, before anything is asked of AWS, what cannot be a finding's id. */
export function checkId(id: string): void {
  if (!dayOfFinding(id))
    throw new Failure(`${plain(id)} is not the id of a finding; they look like f-20270131-0123456789ab.`, {
      next: '`redress findings` lists them.',
      exitCode: 2,
    });
}

/** A finding of the ledger with its state before and after; throws `Failure` if there is none. */
export async function findingOf(ledger: Ledger, id: string, stack: string) {
  const row = await trying(`read the finding ${id} from the ledger`, () => ledger.getFinding(id));
  if (row) return row;
  throw new Failure(`The ledger of the stack ${stack} holds no finding ${id}.`, {
    next: 'It may be of another account or Region (--profile, --region), or older than a year. `redress findings` lists those of the last 7 days.',
  });
}

/** The accounts that are asked for; undefined for all. */
async function accountsOf({ account, ou, config: file = PROJECT_CONFIG }: FindingsOptions): Promise<readonly string[] | undefined> {
  if (ou === undefined) return account === undefined ? undefined : [account];
  const config = await loadConfig(file, await discoverFunctions());
  const accounts = accountsIn(config.organization ?? {}, ou);
  if (!accounts)
    throw new Failure(`The config ${file} has no OU ${plain(ou)}.`, { next: 'OUs stand under `organization.ous`.', exitCode: 2 });
  return account === undefined ? accounts : accounts.filter((one) => one === account);
}

function filterText({ status, control, account, ou }: FindingsOptions): string {
  const of = [control, account && `account ${account}`, ou && `OU ${ou}`].filter((one) => one !== undefined);
  return `${status ? ` with status ${status.join(' or ')}` : ''}${of.map((one) => ` of ${plain(one)}`).join('')}`;
}
