import type { LocalCloud } from '../cloud.ts';
import type { SlackPost } from '../slack/sink.ts';
import type { Step } from './step.ts';

/** The alert that the demo shows. */
export function shownAlert(cloud: LocalCloud): SlackPost | undefined {
  return postOf(cloud, 'Fixed');
}

/** Whether a message waits for a person and mentions its owner. */
export function asksOwner({ text, blocks }: SlackPost): boolean {
  return text.startsWith('Waits') && JSON.stringify(blocks).includes('<@U');
}

function postOf(cloud: LocalCloud, head: string): SlackPost | undefined {
  return cloud.slack.posts().find(({ text }) => text.startsWith(head));
}

/** The scene of the alerts: what all this was in Slack. */
export function alertStep(cloud: LocalCloud, asked: { readonly isOwner: boolean }): Step {
  return {
    title: 'What people see of it in Slack',
    act: async () => [],
    expectations: () => [
      {
        says: 'the alert that waits for a person mentions the owner',
        holds: () => asked.isOwner,
      },
      {
        says: 'the message of the fix that was undone now says so',
        holds: () => (postOf(cloud, 'Undone')?.updates ?? 0) > 0,
      },
      { says: 'Slack refused nothing', holds: () => cloud.slack.log().every(({ error }) => error === undefined) },
    ],
  };
}
