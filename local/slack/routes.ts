import { type HttpAnswer, type HttpRequest, jsonAnswer } from '../http.ts';
import { slackPage } from './page.ts';
import type { SlackSink } from './sink.ts';

/** Where the sink stands under the endpoint; Slack's own paths follow. */
export const SLACK_PATH = '/_local/slack';

/** Answers what is under `/_local/slack`: the page, its messages as JSON, and Slack's own calls; undefined is silence. */
export function answerSlack(sink: SlackSink, request: HttpRequest): HttpAnswer | undefined {
  const path = request.path.slice(SLACK_PATH.length);
  if (request.method === 'GET' && /^\/?$/.test(path)) return slackPage(sink);
  if (request.method === 'GET' && path === '/messages') return jsonAnswer(sink.posts());
  return sink.answer({ ...request, path });
}
