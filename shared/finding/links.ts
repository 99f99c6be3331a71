import type { Finding } from './finding.ts';

/** A link of a finding; the address is ours, with what comes from records encoded in it. */
export interface Link {
  readonly text: string;
  readonly url: string;
}

/** No page is worth a longer address: a field of Slack takes 2,000 characters, and a name may have 1,011. */
const LONGEST_URL = 1000;

/** The text of the link to the resource itself. */
const RESOURCE = 'Resource';

/** The resource in the console, on the page that its kind names with `{id}`, `{region}` and `{account}`; undefined where that is too long. */
export function resourceLink({ resource: { id }, region, account }: Finding, page: string): Link | undefined {
  const values: { readonly [name: string]: string } = { id: encodeURIComponent(id.toWellFormed()), region, account };
  const url = `${consoleOf(region)}${page.replace(/\{(id|region|account)\}/g, (_all, name: string) => values[name] ?? '')}`;
  return url.length > LONGEST_URL ? undefined : { text: RESOURCE, url };
}

/** The call in CloudTrail's event history; undefined where no call was recorded, as for a sweep. */
export function eventLink({ event, region }: Finding): Link | undefined {
  if (event.is !== 'call') return undefined;
  const id = encodeURIComponent(event.id.toWellFormed());
  return { text: 'CloudTrail event', url: `${consoleOf(region)}/cloudtrailv2/home?region=${region}#/events/${id}` };
}

/** The control's page, if the config says where the pages are. */
export function controlLink({ control }: Finding, docs: string | undefined): Link | undefined {
  return docs ? { text: `About ${control}`, url: `${docs.replace(/\/+$/, '')}/controls/${encodeURIComponent(control)}.md` } : undefined;
}

function consoleOf(region: string): string {
  if (region.startsWith('cn-')) return 'https://console.amazonaws.cn';
  return region.startsWith('us-gov-') ? 'https://console.amazonaws-us-gov.com' : `https://${region}.console.aws.amazon.com`;
}
