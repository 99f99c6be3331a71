import { at, isObject, listAt, parseJson, stringAt } from './json.ts';
import { LocalCloudError } from './local-cloud-error.ts';
import type { LocalEvent } from './trail/event.ts';

/** What the endpoint reports, and what it can be asked to do. */
interface Local {
  findings(): unknown;
  announcements(): unknown;
  calls(): unknown;
  readonly accounts: unknown;
  join(ou?: string): Promise<unknown>;
  leave(account: string): Promise<void>;
  invocations(): unknown;
  records(): unknown;
  readonly stack: { readonly outputs: unknown; readonly schedules: readonly unknown[] };
  sweep(): Promise<void>;
  deployed(): Promise<void>;
  send(event: LocalEvent): Promise<void>;
}

/** Answers what the endpoint reports about itself; undefined where there is no such thing. */
export async function answerLocally(cloud: Local, method: string, url: URL, body: Buffer): Promise<unknown> {
  switch (`${method} ${url.pathname}`) {
    case 'GET /_local/findings':
      return url.searchParams.has('all') ? cloud.announcements() : cloud.findings();
    case 'GET /_local/calls':
      return cloud.calls();
    case 'GET /_local/invocations':
      return cloud.invocations();
    case 'GET /_local/records':
      return cloud.records();
    case 'GET /_local/accounts':
      return cloud.accounts;
    case 'POST /_local/accounts':
      return await cloud.join(url.searchParams.get('ou') ?? undefined);
    case 'DELETE /_local/accounts': {
      const account = url.searchParams.get('id') ?? '';
      await cloud.leave(account);
      return { left: account };
    }
    case 'GET /_local/stack':
      return cloud.stack.outputs;
    case 'POST /_local/sweep':
      await cloud.sweep();
      return { sent: cloud.stack.schedules.length };
    case 'POST /_local/deployed':
      await cloud.deployed();
      return { sent: 1 };
    case 'POST /_local/events':
      await cloud.send(eventIn(body));
      return { sent: 1 };
    default:
      return undefined;
  }
}

/** An event as EventBridge delivers it; throws `LocalCloudError` if a rule could not look at it. */
function eventIn(body: Buffer): LocalEvent {
  const event = parseJson(body.toString('utf8')) ?? null;
  const [source, type, detail] = [stringAt(event, 'source'), stringAt(event, 'detail-type'), at(event, 'detail')];
  if (source === undefined || type === undefined || !isObject(detail))
    throw new LocalCloudError('An event has a source, a detail-type and an object as its detail, and may have resources.');
  return { source, type, resources: listAt(event, 'resources').filter((one) => typeof one === 'string'), detail };
}
