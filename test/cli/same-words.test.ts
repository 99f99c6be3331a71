import { join } from 'node:path';
import pc from 'picocolors';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { adviceText } from '#shared/control/iac.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { commandText } from '#shared/finding/next-steps.ts';
import { factText, type View } from '#shared/finding/view.ts';
import { slackMessage } from '../../functions/alerts/render/slack.ts';
import { alertView } from '../../functions/alerts/view.ts';
import { discoverFunctions } from '../../infra/catalog.ts';
import { loadConfig, PROJECT_CONFIG } from '../../infra/synth.ts';
import { readMessage } from '../../local/slack/rules.ts';
import { terminalLines } from '../../local/slack/terminal.ts';
import { called, ordered, swept } from '../support/alerts/told.ts';
import { deployed, redress } from './world.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'alerts');
const colours = pc.createColors(false);
let cloud: ReturnType<typeof deployed>;

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  cloud = deployed();
});

afterEach(() => {
  cloud.restore();
  vi.unstubAllEnvs();
});

/** The lines of a finding's Slack message, without its frame. */
function slackLines(view: View): string {
  const message = readMessage(slackMessage(view, { hasActions: false }));
  if (!('message' in message)) throw new Error('Slack would refuse the message');
  const { blocks = [] } = message.message;
  const lines = terminalLines({ blocks }, colours, 2000);
  return lines.map((line) => line.slice(2).trimEnd()).join('\n');
}

/** Every text of a view that people read. */
function textsOf({ headline, story, facts, changes, why, advice, next, source, prevention, links }: View): string[] {
  const values = facts.flatMap((fact) => [fact.name, factText(fact)]);
  const entries = changes.entries.flatMap(({ api, says }) => [api, says]);
  const rest = [
    why ?? '',
    prevention ?? '',
    ...advice.map(adviceText),
    ...next.map(commandText),
    ...source.map(adviceText),
    ...links.map(({ text }) => text),
  ];
  return [headline, ...story, ...values, ...entries, ...rest];
}

// what is code in Slack stands between backticks elsewhere
const bare = (text: string) => text.replaceAll('`', '');

test.each<[string, () => Promise<Finding>]>([
  ['sweep', swept],
  ['order', ordered],
  ['call', called],
])('Slack and `redress show` say the same of what a %s found', async (name, find) => {
  const finding = await find();
  cloud.put({ finding });
  const { code, out, err } = await redress(['show', finding.id]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const view = alertView(finding, await loadConfig(PROJECT_CONFIG, await discoverFunctions()));
  const slack = slackLines(view);
  expect(finding.event.is).toBe(name);
  for (const drawn of [slack, out].map(bare)) for (const text of textsOf(view)) expect(drawn).toContain(bare(text));
  await expect(`# Slack\n\n${slack}\n\n# redress show\n\n${out}\n`).toMatchFileSnapshot(join(fixtures, `${name}.both.txt`));
});
