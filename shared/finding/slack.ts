/** Slack's Web API. */
export const SLACK_API = 'https://slack.com/api';

/** Stands before a sign that Slack would read as markup, and stops it; nobody sees it. */
export const NO_MARKUP = '\u200b';

const entities: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text in which Slack sees no link and no mention. https://docs.slack.dev/messaging/formatting-message-text */
export function slackText(text: string): string {
  return text.replace(/[&<>]/g, (one) => entities[one] ?? one);
}

/**
 * The base under which a local run stands for Slack's hosts; undefined where there is none. The local cloud runs the very
 * bundles that are deployed, and sets the variable; the stack never does, and nothing but the machine itself can be named by it.
 */
export function localSlack(): string | undefined {
  const local = process.env['REDRESS_LOCAL_SLACK'];
  if (!local) return undefined;
  const { hostname, protocol } = new URL(local);
  if (hostname !== '127.0.0.1' || protocol !== 'http:') throw new Error('REDRESS_LOCAL_SLACK may name 127.0.0.1 only');
  return local;
}
