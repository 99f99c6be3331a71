import { PLACES_AT_ONCE } from '#shared/engine/hub/sweeps.ts';
import counted from '../../bench/sweeps.json' with { type: 'json' };
import { table } from '../words.ts';
import { aMillionInHub, type Bill, hubBill, standaloneBill } from './organization.ts';
import { assumedOfOthers, type Other, others, type Rules } from './others.ts';
import { total } from './prices.ts';
import type { Shape } from './shape.ts';
import { aMillion, idle } from './stack.ts';
import { assumedOfHub, costOfSweeps, type Organization, organizations, type schedules } from './sweeps.ts';
import { amount, row, usd } from './units.ts';

/** The part of the page about an organization, for a stack and a member of these shapes, beside others with so many rules. */
export function organizationPart(stack: Shape, member: Shape, rules: Rules): string {
  const largest = organizations.at(-1);
  if (!largest) throw new Error('the page is about some organization');
  const sparing = costOfSweeps('sparing', largest);
  const [own, added] = [total(sparing.hub), total(sparing.guardDuty)];
  const { choosing, daily, dailyEmpty, dailyInUse, hourlyHome, hourlyInUse, volumes } = counted;
  const changes = largest.accounts * largest.inUse * assumedOfOthers.items;
  const [looked] = aMillionInHub();
  const further = { ...largest, volumes: largest.volumes + volumes };
  return `## An organization

A stack in each account and Region, or [one hub](organizations.md) with members. Accounts have ${largest.regions} Regions each, and something runs in ${largest.inUse} of them.

### A month in which nothing is wrong

In USD. *Idle* is what stands there. *Sweeps* look at everything. *GuardDuty* looks at the calls that sweeps make, where it is on. Each *further copy* is what CloudTrail takes for these calls in a second trail; the first is free.

${table(
  ['Accounts', 'How', 'Idle', 'Sweeps', 'GuardDuty', 'Together', 'Each further copy'],
  organizations.flatMap((one) => rowsOf(stack, one)),
)}

- **Hub, daily**: every Region once a day, and what has an hourly schedule every hour: if a hub passed no place by.
- **Hub, sparing**: so a hub does it. A control that found nothing in a Region [passes it by for a week](organizations.md#the-hub). The hub reads the notes of that before it sends, and a Region in which every control is passed by gets no message. In an empty Region ${dailyEmpty.controls} of ${daily.controls} controls look each day, at settings and at what AWS makes by itself. In a Region in use all do, and ${hourlyInUse.controls} of those with an hourly schedule looks each hour, at an Auto Scaling group. In the Region where trails have their home and the whole account is judged, ${hourlyHome.controls} look each hour.
- **A member costs nothing while nothing happens.** Its two templates, counted as a stack's is, come to ${usd(total(idle(member)))}: roles and rules are free. This page cannot be generated if they hold a type of which nobody has said what it costs.
- **A hub idles as one stack does**: its bus and its rules are free.

The sparing sweeps of ${amount(largest.accounts)} accounts, item by item:

${table(['For', 'Units', 'USD'], [...sparing.hub, ...sparing.guardDuty].map(row))}

**The aim is less than ${AIM} USD.** ${verdictOn(own, added)} What would change it:

- Regions that are in use hold more: each further ${volumes} volumes in each of them add ${usd(sweepsOf(further, 'sparing') - sweepsOf(largest, 'sparing'))}.
- Daily sweeps everywhere, if no place were passed by, would cost ${usd(sweepsOf(largest, 'everywhere'))} together.

### A million creations

From all accounts together. In a hub, each event that is forwarded costs as an event of one's own. In tens, in USD:

${table(
  ['A million creations that are', 'Standalone', 'Hub', 'GuardDuty, for calls from a hub'],
  aMillion(10).map(({ title, items }, at) => {
    const hub = aMillionInHub()[at];
    return [title, usd(total(items)), usd(total(hub?.items ?? [])), usd(total(hub?.guardDuty ?? []))];
  }),
)}

What the rules do not forward, because the call shows that it is right, costs nothing in either.

### What is counted, and what is assumed

The sweep of an empty Region was counted with the engine, control by control, in a Region where every setting is as wanted: ${daily.reads} calls in the member for ${daily.controls} controls in ${daily.functions} functions, ${daily.ledgerReads} calls to the ledger that are billed as ${daily.ledgerUnits} reads, and ${daily.ledgerWrites} writes. ${volumes} volumes with encryption and an owner made that ${dailyInUse.reads} calls, ${dailyInUse.ledgerUnits} reads and ${dailyInUse.ledgerWrites} writes; they stand for what runs in a Region in use. What is right is [not leased](adr/0026-what-a-sweep-finds-right-is-not-leased.md), unless its control keeps something of it, as one does that looks each hour. Before a hub sends, it reads ${choosing.daily.notes} notes of each Region every day and ${choosing.hourly.notes} every hour, ${assumedOfHub.notesOfCall} with a call and each for ${choosing.daily.units / choosing.daily.notes} of a read, and for each message one more: that the member's rules are there. Each control that found nothing writes a note, once a week. Assumed, on the high side: ${assumedOfHub.messagesAtOnce} messages in an invocation; for each ${amount(PLACES_AT_ONCE)} Regions an invocation that reads their notes and sends, starts cold, and makes one call after another; ${assumedOfHub.noteBytes} bytes for a note; a session for each account in each of up to ${assumedOfHub.environments} environments of a function, which CloudTrail records in both accounts; every request of SQS at the price of fair queues. Trails are an organization's: an account with trails of its own makes a few calls more. Not counted: the rows of accounts that have [joined](organizations.md#accounts-that-join), which each sending reads; what S3 keeps of CloudTrail's files; transfer between Regions; users of IAM (looked at once an account).

### Beside others

For ${rules.all} policies or rules, as many as Redress has controls, of which ${rules.ofSettings} are about settings of an account or Region and look daily. *A month* is idle and looking together, while nothing is wrong. It is their documented architecture at list prices, not a measurement; and it is not all they do.

${table(['A month, in USD', ...organizations.map(({ accounts }) => `${amount(accounts)} × ${largest.regions}`), 'A million fixed'], comparison(stack, rules))}

${[...Map.groupBy(others, ({ is }) => is).values()].flatMap(([first]) => (first ? [line(first)] : [])).join('\n')}

Assumed of them: a policy of Cloud Custodian runs for ${assumedOfOthers.policySeconds} s with ${assumedOfOthers.policyMemory} GB, calls AWS once, and sends ${assumedOfOthers.policyMetrics} metrics in one hour of the day (functions send metrics unless told not to); ${assumedOfOthers.perCreation} policies or rules look at a creation; Config records ${amount(assumedOfOthers.items)} items a month in a Region in use and none in an empty one, and ${assumedOfOthers.perItem} rules look at each; a fix by SSM has ${assumedOfOthers.steps} steps. Discounts by volume are left out everywhere. Where Config records anyway, its items are no cost of these tools. Cloud Custodian can also look from one machine, by \`c7n-org\`, for little more than that machine. Were the same ${amount(changes)} changes all forwarded to a hub of Redress and looked at, they would add ${usd((changes / 1e6) * total(looked?.items ?? []))}.`;
}

/** What a month of sweeps may cost in an organization of the largest size, in USD. */
const AIM = 100;
function rowsOf(stack: Shape, one: Organization): string[][] {
  const bills: readonly (readonly [string, Bill])[] = [
    ['Standalone', standaloneBill(stack, one)],
    ['Hub, daily', hubBill(stack, one, 'everywhere')],
    ['Hub, sparing', hubBill(stack, one, 'sparing')],
  ];
  return bills.map(([how, bill]) => [
    amount(one.accounts),
    how,
    ...[bill.idle, bill.sweeps, bill.guardDuty, totalOf(bill), bill.copy].map(usd),
  ]);
}

function totalOf({ idle: resting, sweeps, guardDuty }: Bill): number {
  return resting + sweeps + guardDuty;
}

function verdictOn(own: number, added: number): string {
  const sums = `the hub pays ${usd(own)}, and GuardDuty takes ${usd(added)} for its calls where it is on`;
  if (own >= AIM) return `It is missed: ${sums}.`;
  return own + added < AIM ? `It is met: ${sums}.` : `It is met by the hub's own bill, and missed with GuardDuty: ${sums}.`;
}

/** What sweeps of a month cost together, in USD. */
function sweepsOf(organization: Organization, schedule: keyof typeof schedules): number {
  const { hub, guardDuty } = costOfSweeps(schedule, organization);
  return total(hub) + total(guardDuty);
}

function line({ name, is, sources }: Other): string {
  return `- **${name}**: ${is}. ${sources.map((source) => `<${source}>`).join(', ')}`;
}

function comparison(stack: Shape, rules: Rules): string[][] {
  const fixed = (items: ReturnType<typeof aMillion>) => total(items.at(-1)?.items ?? []);
  return [
    ['Redress, a stack in each', ...organizations.map((one) => usd(totalOf(standaloneBill(stack, one)))), usd(fixed(aMillion(10)))],
    ['Redress, hub daily', ...organizations.map((one) => usd(totalOf(hubBill(stack, one, 'everywhere')))), usd(fixed(aMillionInHub()))],
    ['Redress, hub sparing', ...organizations.map((one) => usd(totalOf(hubBill(stack, one, 'sparing')))), usd(fixed(aMillionInHub()))],
    ...others.map(({ name, month, fixes }) => [name, ...organizations.map((one) => usd(total(month(one, rules)))), usd(total(fixes()))]),
  ];
}
