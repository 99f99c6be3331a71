import { jsonLine } from '#shared/finding/text.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { STACK, sweepsOf } from '../../scripts/cost/shape.ts';
import { findDeployment } from '../deployment.ts';
import { trying } from '../failure.ts';
import { findingsSince } from '../findings.ts';
import { writePage } from '../page/page.ts';
import type { ExitCode, Session } from '../session.ts';
import { parseSince } from '../times.ts';
import { costOfReport } from './cost.ts';
import { reportData } from './data.ts';
import { draw } from './draw.ts';
import { reportPage } from './page.ts';

/** `redress report`: what Redress did in a time. */
export async function report({ terminal, json, where, now }: Session, options: { since: string; html?: string }): Promise<ExitCode> {
  const until = now();
  const since = parseSince(options.since, until);
  const { ledger, queues } = await findDeployment(where);
  const findings = await trying('read the findings from the ledger', () =>
    findingsSince(ledger, since, until, () => true, undefined, terminal.progress),
  );
  const data = reportData({ since, until, findings });
  const cost = costOfReport(data, { ...STACK, limited: queues.length, ...sweepsOf(await discoverFunctions()) });
  if (json) terminal.out(jsonLine({ type: 'report', ...data, costUsd: cost }));
  else draw(data, cost, until, terminal);
  if (options.html !== undefined) await writePage(options.html, reportPage(data, findings, cost, until), terminal);
  return 0;
}
