import type { ControlFunction, Json } from '#shared/control/control.ts';
import { controlsOf } from '../../infra/catalog.ts';
import { memberRoles, memberRules } from '../../infra/member.ts';
import { table } from '../words.ts';
import { organizationPart } from './organization-page.ts';
import { costOf, type Item, type Price, priceOf, prices, total } from './prices.ts';
import { shapeOf } from './shape.ts';
import { aMillion, assumed, idle } from './stack.ts';
import { amount, row, usd } from './units.ts';

/** The page of what Redress costs, computed of its template whenever it is generated. */
export function costPage(functions: readonly ControlFunction[], template: Json): string {
  const controls = controlsOf(functions);
  const shape = shapeOf(template, functions);
  const member = shapeOf({ Resources: { ...memberRoles(functions, {}).Resources, ...memberRules(functions, {}).Resources } }, []);
  const settings = functions.filter(({ id }) => ofSettings.includes(id));
  const rules = { all: controls.length, ofSettings: controlsOf(settings).length };
  const items = idle(shape);
  const [right, reported, fixed] = aMillion(1).map(({ items: one }) => total(one));
  const batched = aMillion(10);
  return `${HEAD}

# What Redress costs

First one stack, in one account and Region; then [an organization](#an-organization). All [prices](#prices) are list prices in us-east-1, in USD, without AWS's free allowances; other Regions differ, and prices change. The tables are computed by [\`scripts/cost/\`](../scripts/cost) from the template's own resources and the calls that the bench counts.

## While nothing happens

With ${shape.limited + shape.unlimited} functions and ${controls.length} controls, ${shape.hourly} of which sweep once an hour and the others once a day, a month of 30 days costs **${usd(total(items))} USD**:

${table(['For', 'Units', 'USD a month'], [...items.map(row), ['**Together**', '', `**${usd(total(items))}**`]])}

- **Another control costs next to nothing.** All controls of a function with the same period sweep with one message. A function costs its polled queue (${usd(costOf(items[0] ?? none) / (shape.limited + shape.unlimited))}); that is why controls share functions, and all functions share their dead-letter queue and their alarms.
- **Alarms are paid for by the metric they read**, also within a sum or a query. So each reads one: the depth of the dead-letter queue, a metric that all functions' logs feed and that has no values until one fails, and the answers to the hourly wake. [\`redress status\`](operations.md#alarms) names the function. With [actions in Slack](slack-actions.md) there is one more, for ${usd(priceOf('alarmMetric'))}.
- **The key** is the price of an encrypted topic that alarms may publish to: AWS's own key \`alias/aws/sns\` does not let them. It is rotated after seven years, the longest that KMS takes, because each of the first two rotations would add the price of a key; nothing is kept under it.
- **The dashboard** is free while it is one of the account's first three, over all Regions, and has at most 50 metrics; this one stays below, however many controls there are. A fourth costs ${usd(priceOf('dashboard'))}: \`dashboard: false\` in the config leaves it out. Four of its graphs are queries, and CloudWatch may charge 0.01 for a thousand metrics that they read when somebody looks.
- **AWS's free allowances** make it less: a million requests of SQS, ten metrics of alarms, a million runs of Lambda each month for an account that does not use them up otherwise.
- **The optional trail** is paid as every trail: the first copy of management events is free, its storage in S3 is not.

## For a million creations

A creation that the call shows to be right (an encrypted volume) reaches no queue, and costs nothing. The others, each in a batch of its own, and ten to a batch:

${table(
  ['A million creations that are', 'USD, one by one', 'USD, in tens'],
  batched.map(({ title, items: one }, at) => [title, usd([right, reported, fixed][at] ?? 0), usd(total(one))]),
)}

The items of the dearest, in tens:

${table(['For', 'Units', 'USD'], (batched.at(-1)?.items ?? []).map(row))}

Beside these:

- an e-mail for each finding: ${usd(priceOf('email') * 1e6)} a million and subscriber; use [routes and quiet statuses](alerts.md);
- ${usd(priceOf('customMetric'))} a month for each of four metrics of a control that is busy in every hour;
- 0.01 for a thousand metrics that \`instance-imds-v2\` reads: one a day for each instance that answers without a session token;
- what AWS charges for what a fix makes: a copy of a volume is a volume.

## What is counted, and what is assumed

Calls are counted by the bench ([performance.md](performance.md)), those of sweeps by a test, which runs them with the engine. Not measured, because it takes an account, and assumed on the high side: ${assumed.coldSeconds} s billed for a run in an idle account, which starts cold each time; ${assumed.callSeconds * 1000} ms for each call to AWS, one after another, but the controls of one sweep side by side; ${assumed.ledgerKb} KB written by each call to the ledger; ${assumed.logBytes / 1000} KB of log for each run and each event; ${assumed.ledgerBytes / 1e6} MB in the ledger of an idle account. Lambda polls an idle queue over five connections, each for 20 seconds: [seen as 15 empty receives a minute](https://github.com/getlift/lift/issues/132).

${organizationPart(shape, member, rules)}

## Prices

The first page is where AWS has the price. AWS shows most prices to a browser alone, so most were read where the second page quotes them. Surest are those that AWS's own stored page names (CloudTrail) or that two pages quote alike (GuardDuty, Config, Lambda). Least sure are those of Security Hub and Automated Security Response: one page quotes them, of an earlier year.

${table(['What', 'USD', 'For', 'Looked up', 'Where'], Object.values<Price>(prices).map(priceRow))}
`;
}

const HEAD = '<!-- Generated by `npm run generate` from scripts/cost/. Edit that, not this page. -->';
/** Functions whose controls are about settings of an account or a Region. */
const ofSettings = ['account', 'identity'];
const none: Item = { what: '', units: 0, unit: '', price: 0 };

function priceRow({ of, usd: dollars, per, unit, read, pages }: Price): string[] {
  const links = pages.map((page) => `<${page}>`).join(', ');
  return [of, dollars < 0.001 ? dollars.toFixed(10) : String(dollars), `${amount(per)} ${unit}`, read, links];
}
