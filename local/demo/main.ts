import { join } from 'node:path';
import { Command } from 'commander';
import { plainLines } from '#shared/finding/text.ts';
import { type LocalCloud, startLocalCloud } from '../cloud.ts';
import type { LocalFinding } from '../findings.ts';
import { whenAskedToEnd } from '../runtime/processes.ts';
import { alertStep, asksOwner, shownAlert } from './alerts.ts';
import { organization, organizationStep } from './organization.ts';
import { scenario } from './scenario.ts';
import { type Held, jsonScreen, type Screen, textScreen } from './screen.ts';
import type { Expectation, Step } from './step.ts';

/** How long a step's expectations are waited for. */
const PATIENCE_MS = 15_000;

const { json } = new Command('npm run demo --')
  .description('Plays an ordinary user against a local cloud, and shows what Redress sees, decides and sends.')
  .option('--json', 'write one finding a line as JSON, and a last line with the summary')
  .parse()
  .opts<{ json?: true }>();

const screen = json === true ? jsonScreen() : textScreen();
const begun = Date.now();
let stepBegun = begun;
// what is heard while a step acts is shown after the deeds that caused it
const heard: { finding: LocalFinding; seconds: number }[] = [];
// a message that is updated later mentions nobody any more
const asked = { isOwner: false };

const starting = startLocalCloud({
  configFile: join(import.meta.dirname, 'demo.config.json'),
  organization,
  onProgress: screen.progress,
  onFinding: (finding) => void heard.push({ finding, seconds: (Date.now() - stepBegun) / 1000 }),
  onSlack: (post) => {
    asked.isOwner ||= asksOwner(post);
  },
});
whenAskedToEnd(() => process.exit(130));

try {
  const cloud = await starting;
  try {
    process.exitCode = (await play(cloud, screen)) ? 0 : 1;
  } finally {
    await cloud.stop();
  }
} catch (error) {
  process.stderr.write(`The demo could not run: ${plainLines(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
}

async function play(cloud: LocalCloud, screen: Screen): Promise<boolean> {
  const expectations: Held[] = [];
  for (const [n, step] of [...scenario(cloud), organizationStep(cloud), alertStep(cloud, asked)].entries())
    expectations.push(...(await playStep(n + 1, step, screen)));
  const alert = shownAlert(cloud);
  if (alert) screen.alert(alert);
  const users = new Set(['dana']);
  const writes = cloud.calls().filter(({ caller, api }) => !users.has(caller) && /^(autoscaling|ec2|ssm):(?!Describe|Get|List)/.test(api));
  const byApi = [...Map.groupBy(writes, ({ api }) => api)].map(([api, calls]) => ({
    api,
    count: calls.reduce((sum, { count }) => sum + count, 0),
  }));
  screen.summary({
    expectations,
    findings: cloud.findings().length,
    invocations: cloud.invocations(),
    writes: byApi,
    seconds: (Date.now() - begun) / 1000,
  });
  return expectations.every(({ isHeld }) => isHeld);
}

async function playStep(number: number, step: Step, screen: Screen): Promise<Held[]> {
  screen.step(number, step.title);
  stepBegun = Date.now();
  for (const deed of await step.act()) screen.deed(deed);
  const results = await Promise.all(step.expectations().map(waitFor));
  for (const { finding, seconds } of heard.splice(0)) screen.finding(finding, seconds);
  for (const held of results) screen.held(held);
  const shown = await step.shows?.();
  if (shown) screen.output(shown);
  return results;
}

async function waitFor({ says, holds }: Expectation): Promise<Held> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const isHeld = await holds();
    const seconds = (Date.now() - stepBegun) / 1000;
    if (isHeld || Date.now() > end) return { says, isHeld, seconds };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
