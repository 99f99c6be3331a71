/** The token that the sink takes, as the local cloud puts it into the parameters. */
export const LOCAL_TOKEN = 'xoxb-local';

/** What the local cloud puts there for clicks to be signed with. */
export const LOCAL_SIGNING_SECRET = 'no-Slack-but-the-local-one-signs-with-this';
