import { jsonLine, plain } from '#shared/finding/text.ts';
import { paintSeverity, table } from '../draw.ts';
import type { Terminal } from '../terminal.ts';
import type { Live, LiveLook } from './live.ts';

/** So many resources are drawn; JSON and the page have all. */
const DRAWN = 50;

/** A live look as one line of JSON. */
export function liveRow({ control, place, target, is, says, plan }: LiveLook): string {
  const { account, region } = place;
  return jsonLine({ type: 'live', control: control.id, account, region, resource: { type: target.type, id: target.id }, is, says, plan });
}

/** The same for the page: what holds now, and the plan. */
export function liveLines({ target, is, says, plan }: LiveLook): (readonly [string, string])[] {
  return [
    [`${target.id} now`, `${is}: ${says}`],
    ...(plan.length > 0 ? [['The plan', plan.map((one) => `${one.says} (${one.api})`).join(' ')] as const] : []),
  ];
}

/** What was there, for a person. */
export function drawLive(looks: readonly LiveLook[], terminal: Terminal): void {
  const { paint } = terminal;
  if (looks.length === 0) return;
  terminal.out(paint.bold('What is there now'));
  terminal.out(
    table(
      ['CONTROL', 'SEVERITY', 'RESOURCE', 'NOW', 'WHAT REDRESS SEES, AND WOULD SEND'],
      looks
        .slice(0, DRAWN)
        .map(({ control, target, is, says, plan }) => [
          paint.bold(control.id),
          paintSeverity(control.severity, paint),
          plain(target.id),
          is,
          plain([says, ...plan.map((one) => one.says)].join(' ')),
        ]),
      terminal,
    ),
  );
  if (looks.length > DRAWN) terminal.err(`and ${looks.length - DRAWN} more; --json and --html have all.`);
  terminal.out('');
}

/** What was looked at, and what was not, as sentences. */
export function livePlain(looks: readonly LiveLook[], { elsewhere, beyond }: Live['left']): string[] {
  const unread = looks.filter(({ is }) => is === 'unread').length;
  return [
    `${looks.length} ${looks.length === 1 ? 'resource was' : 'resources were'} looked at by reads alone; nothing was changed.`,
    ...(unread > 0 ? [`${unread} could not be read; the permissions of each control are in its page.`] : []),
    ...(elsewhere > 0 ? [`Resources of other accounts were named ${elsewhere} times; run it with their credentials to look at them.`] : []),
    ...(beyond > 0
      ? [`More resources were named ${beyond} times than are looked at in one go; narrow it with --control, --since or --region.`]
      : []),
  ];
}
