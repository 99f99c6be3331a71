import type { IncomingHttpHeaders } from 'node:http';
import { type HttpAnswer, type HttpRequest, jsonAnswer } from '../http.ts';
import { click, type LocalSlack } from './click.ts';
import { SLACK_PATH, slackPage } from './page.ts';

/** Answers what is under `/_local/slack`: the page, its buttons, Slack's own calls and the function URL; undefined is silence. */
export async function answerSlack(request: HttpRequest, slack: LocalSlack): Promise<HttpAnswer | undefined> {
  const { sink } = slack;
  const { pathname, searchParams } = new URL(request.path.slice(SLACK_PATH.length), 'http://localhost');
  const route = `${request.method} ${pathname}`;
  if (route === 'POST /actions')
    return (await slack.call(request)) ?? jsonAnswer({ message: 'The stack has no function URL for clicks.' }, 404);
  const isForPeople = ['GET /', 'GET /messages', 'GET /notes', 'POST /click'].includes(route);
  if (isForPeople && !isFromHere(request.headers))
    return jsonAnswer({ message: 'Only pages of this endpoint itself may ask, by the name 127.0.0.1 or localhost.' }, 403);
  switch (route) {
    case 'GET /':
      return refreshing(slackPage(sink, searchParams.get('as')), searchParams);
    case 'GET /messages':
      return jsonAnswer(sink.posts());
    case 'GET /notes':
      return jsonAnswer(sink.notes());
    case 'POST /click':
      return await answerClick(new URLSearchParams(request.body.toString('utf8')), slack);
    default:
      return sink.answer({ ...request, path: request.path.slice(SLACK_PATH.length) });
  }
}

async function answerClick(form: URLSearchParams, slack: LocalSlack): Promise<HttpAnswer> {
  const field = (name: string): string => form.get(name) ?? '';
  const [as, ts] = [field('as'), field('ts')];
  const trouble = await click({ as, ts, channel: field('channel'), action: field('action') }, slack);
  if (trouble !== undefined) return { ...slackPage(slack.sink, as, trouble), status: 409 };
  // so that a reload of the page is no second click
  return { status: 303, headers: { location: pathOf({ as, clicked: ts }, ts) }, body: Buffer.alloc(0) };
}

/** Has the page loaded again, so that it shows by itself what comes; after a click once, at the message that was clicked. */
function refreshing(page: HttpAnswer, query: URLSearchParams): HttpAnswer {
  const [as, clicked] = [query.get('as') ?? '', query.get('clicked')];
  const refresh = clicked === null ? '5' : `5; url=${pathOf({ as }, clicked)}`;
  return { ...page, headers: { ...page.headers, refresh } };
}

function pathOf(query: { readonly [name: string]: string }, ts: string): string {
  return `${SLACK_PATH}?${new URLSearchParams(query)}#m-${encodeURIComponent(ts)}`;
}

/** Whether it is no other site's page that asks: neither through a name of its own that leads here, nor by a form that posts here. */
function isFromHere({ host = '', origin }: IncomingHttpHeaders): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) && (origin === undefined || origin === `http://${host}`);
}
