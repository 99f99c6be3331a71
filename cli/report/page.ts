import { type Finding, type Status, storyOf } from '#shared/finding/finding.ts';
import { plain } from '#shared/finding/text.ts';
import { Cells, Values } from '../page/cells.ts';
import type { Item, PageData, PageOutcome } from '../page/data.ts';
import type { ReportCost } from './cost.ts';
import { type Group, groupOf, type ReportData } from './data.ts';
import { costLine, spans } from './draw.ts';

/** So many findings are listed, the latest. */
const LISTED = 10_000;
/** So many people and places are told apart. */
const APART = 500;

const groups: readonly Group[] = ['waiting', 'failed', 'fixed', 'exempt', 'ended'];
const outcomes: { readonly [group in Group]: PageOutcome } = {
  waiting: { name: 'Waiting', tone: 'warn', says: 'A person or its time decides.' },
  failed: { name: 'Failed', tone: 'bad', says: 'A fix did not come to its end.' },
  fixed: { name: 'Fixed', tone: 'good', says: 'What was wrong is right, or replaced by what is right.' },
  exempt: { name: 'Exempt', tone: 'quiet', says: 'Somebody answers for it until a day.' },
  ended: { name: 'Ended', tone: 'none', says: 'Skipped, undone or closed: nothing is left to fix.' },
};

/** The page of a report: one row a finding, by the time of its event. */
export function reportPage(data: ReportData, findings: readonly Finding[], cost: ReportCost, made: Date): PageData {
  const cells = new Cells();
  const [controls, people, places] = [new Values(Number.POSITIVE_INFINITY), new Values(APART), new Values(APART)];
  const texts = new Values(Number.POSITIVE_INFINITY);
  const text = (says: string) => texts.at(plain(says));
  const latest = findings.toSorted((a, b) => Date.parse(b.event.time) - Date.parse(a.event.time));
  const items = latest.flatMap((finding, at): Item[] => {
    const { control, actor, account, region, event, status, resource } = finding;
    const outcome = groups.indexOf(groupOf(status));
    const facets = [controls.at(control), people.at(plain(actor.name)), places.at(plain(`${account} ${region}`))];
    cells.add(Date.parse(event.time) / 1000, outcome, facets);
    if (at >= LISTED) return [];
    const about = aboutOf(finding).map(([name, says]) => [text(name), text(says)] as const);
    return [
      {
        at: event.time,
        outcome,
        facets,
        title: text(finding.title),
        things: [plain(resource.id)],
        says: text(storyOf(finding).join(' ')),
        about,
      },
    ];
  });
  const { alone, ordered } = data.toFixed;
  return {
    title: 'What Redress did',
    made: made.toISOString(),
    lead: [
      `Findings since ${data.since.slice(0, 10)}, each as it stands now.`,
      `From the call to fixed: ${spans(alone)}; where a person ordered it ${spans(ordered)}.`,
      costLine(cost),
    ],
    figures: [
      { name: 'Findings', value: String(data.all) },
      ...groups.map((group) => ({ name: outcomes[group].name, value: String(data.counts[group]) })),
    ],
    row: { one: 'finding', many: 'findings' },
    outcomes: groups.map((group) => outcomes[group]),
    facets: [
      {
        name: 'Control',
        plural: 'Controls',
        columns: ['Severity'],
        values: controls.names.map((name) => ({ name, columns: [data.controls.find(({ control }) => control === name)?.severity ?? ''] })),
      },
      { name: 'Person', plural: 'People', columns: [], values: people.names.map((name) => ({ name })) },
      { name: 'Place', plural: 'Places', columns: [], values: places.names.map((name) => ({ name })) },
    ],
    ...cells.take(),
    items,
    texts: texts.names,
    notes: [
      ...(items.length < data.all ? [`The latest ${items.length} of ${data.all} findings are listed; the counts are of all.`] : []),
      ...data.stacks.map(({ name, findings: many }) => `${plain(name)}: a stack with ${many} ${many === 1 ? 'finding' : 'findings'}.`),
    ],
  };
}

/** What an explained row says of a finding. */
function aboutOf({ id, status, severity, owner, doneBy, changes, exemption, timings }: Finding): [string, string][] {
  const all: [string, string | undefined | null][] = [
    ['Finding', id],
    ['Status', words(status)],
    ['Severity', severity],
    ['Owner', owner],
    ['Ordered by', doneBy],
    ['Changes', changes.map(({ says }) => says).join(' ')],
    ['Done at', timings.doneAt],
    ['Exempt', exemption && `until ${exemption.until}, by ${exemption.owner}: ${exemption.reason}`],
  ];
  return all.flatMap(([name, says]): [string, string][] => (says ? [[name, says]] : []));
}

function words(status: Status): string {
  return status.replaceAll('-', ' ');
}
