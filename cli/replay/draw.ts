import { plain } from '#shared/finding/text.ts';
import { paintSeverity, table } from '../draw.ts';
import type { Terminal } from '../terminal.ts';
import type { Outcome } from './outcome.ts';
import type { Unreadable } from './reading.ts';
import type { ControlSum } from './tally.ts';

/** So many unreadable places are shown. */
const SHOWN = 20;

/** What a replay found, for a person: three tables, and what to know of them. */
export function draw(outcome: Outcome, terminal: Terminal): void {
  const { controls } = outcome;
  if (controls.length > 0) {
    const { paint } = terminal;
    terminal.out(paint.bold('What the rules would have delivered'));
    terminal.out(
      table(
        ['CONTROL', 'SEVERITY', 'MODE', 'EVENTS', 'RESOURCES', 'WRONG', 'NEED A LOOK', 'EXEMPT'],
        controls.map((sum) => counted(sum, terminal)),
        terminal,
      ),
    );
    terminal.out('');
    terminal.out(paint.bold('What each mode would have done at most'));
    terminal.out(table(['CONTROL', 'OBSERVE', 'APPROVE', 'FIX'], controls.map(foreseen), terminal));
    terminal.out('');
    terminal.out(paint.bold('Who made most, and when'));
    terminal.out(table(['CONTROL', 'FIRST', 'LAST', 'WHO'], controls.map(people), terminal));
    terminal.out('');
  }
  for (const line of closing(outcome)) terminal.err(line);
}

function counted({ control, modes, events, resources, isAtLeast, told }: ControlSum, { paint }: Terminal): string[] {
  return [
    paint.bold(control.id),
    paintSeverity(control.severity, paint),
    modes.join(', '),
    String(events),
    `${isAtLeast ? 'at least ' : ''}${resources}`,
    String(told.violation),
    String(told['needs-live']),
    String(told.exempt),
  ];
}

/** What each mode would have done at most, in the order of the modes, behind the control's name. */
export function foreseen({ control, forecast: { observe, approve, fix } }: ControlSum): string[] {
  const settles = fix.heldToSettle > 0 ? [`each after ${fix.settleSeconds} s unchanged`] : [];
  const waits = fix.heldByLimit > 0 ? [`${fix.heldByLimit} wait for the rate limit, up to ${fix.longestWaitMinutes} min`] : [];
  return [
    control.id,
    `${observe.reported} reported`,
    approve.asked > 0 ? `${approve.asked} wait for approval` : 'only reports',
    fix.fixes > 0 ? [`${fix.fixes} fixed`, ...settles, ...waits].join(', ') : approve.asked > 0 ? 'at most approve' : 'only reports',
  ];
}

function people({ control, first, last, people: named }: ControlSum): string[] {
  return [control.id, plain(first), plain(last), named.map(({ name, events }) => `${plain(name)} (${events})`).join(', ')];
}

/** The lines below the tables. */
function closing({ files, counts, matches, seconds, isStrict, unreadable, cost }: Outcome): string[] {
  const rate = seconds > 0 ? `, ${Math.round(counts.records / seconds)} a second` : '';
  return [
    `Read ${counts.records} records of ${files} ${files === 1 ? 'file' : 'files'} in ${seconds.toFixed(1)} s${rate}; ${matches} would have reached a rule.`,
    isStrict ? 'Every record was parsed.' : 'Records of calls that no rule asks for were not parsed; --strict parses every one.',
    ...(matches > 0
      ? [
          'WRONG counts what the records show; NEED A LOOK is what only the resource tells, and --live looks at it. Nothing was changed.',
          `At most ${cost.invocations} ${cost.invocations === 1 ? 'invocation' : 'invocations'}, for ${usd(cost)} at list prices in us-east-1.`,
        ]
      : []),
    ...places(counts.unreadable, unreadable),
  ];
}

function places(count: number, named: readonly Unreadable[]): string[] {
  if (count === 0) return [];
  const shown = named.slice(0, SHOWN);
  return [
    `${count} ${count === 1 ? 'place' : 'places'} could not be read:`,
    ...shown.map(({ file, at, why }) => `  ${plain(file)}${at === undefined ? '' : ` at byte ${at}`}: ${why}`),
    ...(count > shown.length ? [`  and ${count - shown.length} more`] : []),
  ];
}

function usd({ atLeast, atMost }: Outcome['cost']): string {
  return atMost < 0.01 ? 'less than 0.01 USD' : `${atLeast.toFixed(2)} to ${atMost.toFixed(2)} USD`;
}
