import { jsonLine, plain } from '#shared/finding/text.ts';
import { table } from '../draw.ts';
import type { Session } from '../session.ts';
import type { Census } from './silent.ts';

/** So many silent places are drawn: where a hub has thousands, one cause is behind most. */
const MOST_ROWS = 50;

/** Shows which members' Regions are silent and why, whom StackSets do not reach, and which accounts the config does not list. */
export function report({ terminal, json }: Pick<Session, 'terminal' | 'json'>, result: Census, refused = 0): void {
  const { places, silent, unlisted, mayJoin, byHand, management } = result;
  if (json) {
    for (const one of silent) terminal.out(jsonLine({ type: 'silent', ...one }));
    const counts = { places, served: places - silent.length, silent: silent.length, refused };
    terminal.out(jsonLine({ type: 'summary', ...counts, management: management ?? null, byHand, unlisted }));
    return;
  }
  if (silent.length > 0) {
    const drawn = silent.slice(0, MOST_ROWS);
    const rows = drawn.map(({ account, region, part, state, reason }) => [account, region, `${part} ${state}`, plain(reason)]);
    terminal.out(table(['ACCOUNT', 'REGION', 'STATE', 'WHY'], rows, terminal));
    if (silent.length > MOST_ROWS) terminal.out(`… and ${silent.length - MOST_ROWS} more; --json lists all.`);
    // a step that many need is said once
    for (const [next, same] of Map.groupBy(drawn, (one) => one.next))
      terminal.out(plain(`${[...new Set(same.map(({ account }) => account))].join(', ')}: ${next}`));
  }
  terminal.out(`${places - silent.length} of ${places} members' Regions have their roles and rules.`);
  for (const { account, regions } of byHand) {
    const what =
      account === management
        ? 'is the management account, which StackSets never deploy to'
        : 'is in no OU of the config, and StackSets deploy to OUs alone';
    terminal.err(
      `${account} ${what}: deploy both templates of \`redress org print-template\` there by hand (${regions.join(', ')}), see docs/organizations.md.`,
    );
  }
  if (unlisted.length > 0)
    terminal.err(
      mayJoin
        ? `The config does not list ${unlisted.join(', ')}: each joins the hub with the first event that it forwards, with the most careful mode of all OUs. Add it to the \`accounts\` of its OU for the settings of that.`
        : `The config does not list ${unlisted.join(', ')}, so the hub refuses their events: add each to the \`accounts\` of its OU and deploy the hub, or move it out of the OU.`,
    );
}
