import type { LocalCloud } from '../cloud.ts';
import type { SlackPost } from '../slack/sink.ts';
import type { Step } from './step.ts';

/** The alert that the demo shows. */
export function shownAlert(cloud: LocalCloud): SlackPost | undefined {
  return postOf(cloud, 'Fixed');
}

function postOf(cloud: LocalCloud, head: string): SlackPost | undefined {
  return postsOf(cloud, head)[0];
}

function postsOf(cloud: LocalCloud, head: string): SlackPost[] {
  return cloud.slack.posts().filter(({ text }) => text.startsWith(head));
}

/** The scene of the alerts: what all this was in Slack. */
export function alertStep(cloud: LocalCloud): Step {
  return {
    title: 'What people see of it in Slack',
    act: async () => [],
    expectations: () => [
      {
        says: 'the alert that waits for a person mentions the owner',
        // whom another alert mentioned just before is not mentioned again
        holds: () => postsOf(cloud, 'Waits').some(({ blocks }) => JSON.stringify(blocks ?? '').includes('<@U')),
      },
      {
        says: 'the message of the fix that was undone now says so',
        holds: () => (postOf(cloud, 'Undone')?.updates ?? 0) > 0,
      },
      { says: 'Slack refused nothing', holds: () => cloud.slack.log().every(({ error }) => error === undefined) },
    ],
  };
}
