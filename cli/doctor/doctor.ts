import { partitionOf } from '#shared/aws/partition.ts';
import { secretParametersOf } from '#shared/finding/alerts-config.ts';
import { jsonLine } from '#shared/finding/text.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { resolvedResources } from '../../infra/resolve.ts';
import { loadConfig, PROJECT_CONFIG, templateOf } from '../../infra/synth.ts';
import { type Deployment, findDeployment } from '../deployment.ts';
import { Failure, trying } from '../failure.ts';
import type { ExitCode, Session } from '../session.ts';
import { canary } from './canary.ts';
import { type Answer, type Check, other, type Patient } from './check.ts';
import { checks } from './checks/all.ts';
import { draw, type Examined } from './draw.ts';
import { policyOf } from './policy.ts';
import { sideBySide } from './side-by-side.ts';

/** What `redress doctor` takes. */
export interface DoctorOptions {
  readonly config?: string;
  /** The ids of checks to leave out. */
  readonly skip?: string;
  readonly details?: true;
  readonly canary?: true;
  readonly policy?: true;
  readonly org?: true;
  readonly callAs?: string;
  /** How long a canary is waited for, in seconds. */
  readonly timeout: number;
}

/** `redress doctor`: why nothing happens, or proof that it does. */
export async function doctor(session: Session, options: DoctorOptions): Promise<ExitCode> {
  const { terminal, json } = session;
  if (options.org) return await (await import('../org/check.ts')).checkMembers(session, options);
  const chosen = chosenChecks(options.skip);
  const stop = new AbortController();
  const bird = canary({ seconds: options.timeout, progress: terminal.progress, signal: stop.signal });
  if (options.policy) {
    const { alerts } = await loadConfig(options.config ?? PROJECT_CONFIG, await discoverFunctions());
    const region = session.where.region ?? process.env['AWS_REGION'] ?? '';
    const place = { partition: partitionOf(region), parameters: secretParametersOf(alerts) };
    terminal.out(JSON.stringify(policyOf([...chosen, ...(options.canary ? [bird] : [])], place), undefined, 2));
    return 0;
  }
  terminal.progress('Reading the stack …');
  const deployment = await findDeployment(session.where);
  const patient = await patientOf(deployment, options.config ?? PROJECT_CONFIG, session.now());
  let done = 0;
  const examined = await sideBySide(chosen, async (check): Promise<Examined> => {
    const answer = await looked(check, patient);
    done += 1;
    terminal.progress(`${done} of ${chosen.length} checks are made …`);
    return { check, answer };
  });
  // last, so that what is wrong is known when nothing comes
  if (options.canary) examined.push({ check: bird, answer: await withoutInterruption(stop, () => looked(bird, patient)) });
  terminal.progress();
  const count = (state: Answer['is']) => examined.filter(({ answer }) => answer.is === state).length;
  const [ok, note, wrong, unknown] = [count('ok'), count('note'), count('wrong'), count('unknown')];
  if (json) {
    for (const { check, answer } of examined) terminal.out(jsonLine({ type: 'check', id: check.id, asks: check.asks, ...answer }));
    terminal.out(jsonLine({ type: 'summary', stack: deployment.stack, ok, note, wrong, unknown, isHealthy: wrong + unknown === 0 }));
  } else {
    draw(examined, options.details === true, terminal);
    terminal.err(sentence(ok, wrong, unknown));
  }
  return wrong + unknown === 0 ? 0 : 1;
}

/** What is looked at; throws `Failure` or `ConfigError` where there is nothing to compare with. */
export async function patientOf(deployment: Deployment, configFile: string, now: Date): Promise<Patient> {
  const functions = await discoverFunctions();
  const config = await loadConfig(configFile, functions);
  const { account, region } = deployment.place;
  const template = await trying('make the template of this version and config', () => templateOf(config, functions));
  const place = { account, region, partition: partitionOf(region), stackId: deployment.stackId };
  return { deployment, client: deployment.client, account, region, config, functions, resources: resolvedResources(template, place), now };
}

/** Makes one check; what cannot be looked at is not known, and never ok. */
export async function looked({ look }: Check, patient: Patient): Promise<Answer> {
  try {
    return await look(patient);
  } catch (error) {
    const failure =
      error instanceof Failure ? error : await trying('make this check', () => Promise.reject(error)).catch((one: Failure) => one);
    return other('unknown', failure.message, failure.next);
  }
}

function chosenChecks(skip = ''): readonly Check[] {
  const ids = skip.split(',').flatMap((one) => one.trim() || []);
  const wrong = ids.find((id) => !checks.some((check) => check.id === id));
  if (wrong !== undefined)
    throw new Failure(`There is no check ${wrong}.`, { next: `There are ${checks.map(({ id }) => id).join(', ')}.`, exitCode: 2 });
  return checks.filter(({ id }) => !ids.includes(id));
}

/** Ctrl-C ends the waiting, and not the process before it has removed what it made. */
async function withoutInterruption<Result>(stop: AbortController, work: () => Promise<Result>): Promise<Result> {
  const end = () => stop.abort();
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  try {
    return await work();
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}

function sentence(ok: number, wrong: number, unknown: number): string {
  if (wrong + unknown === 0) return `Redress is healthy: ${ok} checks are ok.`;
  const parts = [...(wrong > 0 ? [`${wrong} found something wrong`] : []), ...(unknown > 0 ? [`${unknown} could not be made`] : [])];
  return `Of ${ok + wrong + unknown} checks ${parts.join(', and ')}. Begin with the first: what comes later may follow from it.`;
}
