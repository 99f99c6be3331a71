import { withDefaultModes } from '#shared/finding/config.ts';
import { jsonLine, plain } from '#shared/finding/text.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { loadConfig, PROJECT_CONFIG } from '../../infra/synth.ts';
import { describe } from '../describe.ts';
import { paintSeverity } from '../draw.ts';
import { type BusEvent, nameOf } from '../replay/events.ts';
import { idsIn } from '../replay/options.ts';
import { chosenControls, rulesOf } from '../replay/rules.ts';
import type { ExitCode, Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { firstEvent } from './read.ts';
import { type Step, stepRow, stepsOf } from './steps.ts';

const UNDELIVERED = 'EventBridge gives it to no rule: it is a call that only reads, or no event of a type that rules can get.';
/** So much of a value that differs is shown. */
const SHOWN = 120;

/** `redress explain`: one event step by step, from the rules to what an alert would say. */
export async function explain(
  { terminal, json }: Session,
  { config: file = PROJECT_CONFIG, control }: { config?: string; control?: string },
  path = '',
): Promise<ExitCode> {
  const { read, count } = await firstEvent(path);
  if (count > 1) terminal.err(`${plain(path)} holds ${count} events; the first is explained. \`redress replay\` goes through all.`);
  if (read.is !== 'event') {
    terminal.out(json ? jsonLine({ type: 'explanation', isDelivered: false, says: UNDELIVERED, rules: [] }) : UNDELIVERED);
    return 0;
  }
  const functions = await discoverFunctions();
  const config = withDefaultModes(await loadConfig(file, functions), controlsOf(functions));
  const controls = chosenControls(idsIn(control), functions, config);
  const { event } = read;
  const steps = await stepsOf(controls, rulesOf(controls, functions, config), event, config);
  if (json) {
    const { detail: _detail, ...head } = event;
    terminal.out(jsonLine({ type: 'explanation', isDelivered: true, event: { ...head, name: nameOf(event) }, rules: steps.map(stepRow) }));
    return 0;
  }
  for (const line of drawn(event, steps, terminal)) terminal.out(line);
  return 0;
}

function drawn(event: BusEvent, steps: readonly Step[], terminal: Terminal): string[] {
  const { paint } = terminal;
  const matching = steps.filter((step) => step.is === 'match');
  const others = steps.filter((step) => step.is === 'other');
  const near = others.filter(({ because }) => because.isOfThisCall);
  const far = others.filter(({ because }) => !because.isOfThisCall);
  return [
    paint.bold(
      plain(`${nameOf(event)} at ${event.time}, in ${event.account || 'an unknown account'} ${event.region || 'and an unknown Region'}`),
    ),
    plain(`EventBridge has it as ${event['detail-type']} of ${event.source}.`),
    ...matching.flatMap((step) => ['', ...matchLines(step, event, terminal)]),
    ...near.flatMap(({ control, because }) => ['', `${paint.bold(control.id)}  does not match`, `  ${differs(because)}`]),
    ...(matching.length === 0 ? ['', 'No rule gets it.'] : []),
    ...(far.length > 0 ? ['', `${paint.bold('Rules of other calls')}: ${far.map(({ control }) => control.id).join(', ')}`] : []),
  ];
}

function matchLines({ control, judged, gates, alerts }: Extract<Step, { is: 'match' }>, event: BusEvent, { paint }: Terminal): string[] {
  const { targets, told, mode, actor } = judged;
  const via = actor.via === 'unknown' || actor.via === actor.name ? '' : ` with ${actor.via}`;
  return [
    `${paint.bold(control.id)}  matches: ${control.title}, ${paintSeverity(control.severity, paint)}, mode ${mode}`,
    `  Names    ${targets.length === 0 ? 'nothing' : targets.map(({ type, id }) => `${plain(type)} ${plain(id)}`).join(', ')}`,
    `  Made by  ${plain(actor.name)}${plain(via)}`,
    `  Verdict  ${plain(told.says)}`,
    ...(told.is === 'needs-live' || told.is === 'violation' ? [`  Plan     ${planOf(judged)}`] : []),
    ...gates.map((gate, n) => `  ${n === 0 ? 'Gates  ' : '       '}  ${plain(gate)}`),
    ...alerts.flatMap((alert) =>
      'headline' in alert
        ? [`  Alert    ${plain(alert.headline)}, if it is wrong`]
        : ['  Alert', ...describe(alert.view, paint, new Date(event.time)).map((line) => (line === '' ? '' : `    ${line}`))],
    ),
  ];
}

function planOf({ control }: Extract<Step, { is: 'match' }>['judged']): string {
  return control.permissions.writes.length === 0
    ? control.remediation
    : `${control.remediation} What it would send depends on the resource.`;
}

function differs({ field, wanted, found }: Extract<Step, { is: 'other' }>['because']): string {
  if (field === '') return 'No one element of its lists has all that the rule asks for.';
  const has = found.length === 0 ? 'is not there' : `is ${found.map(short).join(', ')}`;
  return `${field} ${has}; the rule asks for ${wanted.map(short).join(' or ')}.`;
}

function short(value: unknown): string {
  const text = jsonLine(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text;
}
