import { errorText } from '#shared/aws/errors.ts';
import { secureStrings } from '#shared/aws/secrets.ts';
import type { SlackChannel } from '#shared/finding/alerts-config.ts';
import { Failure, trying } from '../../failure.ts';
import { answer, type Check, other, type Problem } from '../check.ts';
import { sideBySide } from '../side-by-side.ts';
import { askSlack, probeWebhook } from '../slack-api.ts';

/** What one channel's check came to: what is wrong, or why it could not be made. */
type Looked = { readonly problems: readonly Problem[] } | { readonly unknown: string; readonly next: string };

/** What to do where Slack does not take what the parameter holds. */
const renew = (parameter: string) =>
  `Put a new one into the parameter: \`aws ssm put-parameter --name ${parameter} --type SecureString --overwrite --value "$TOKEN"\`. It works within a minute; then \`redress redrive alerts\`.`;

/** Whether Slack takes the tokens and webhooks, and the bot is in its channels. Nothing is posted. */
export const slack: Check = {
  id: 'slack',
  asks: 'Does Slack take the tokens, and is the bot in its channels?',
  needs: ['ssm:GetParameter', 'kms:Decrypt'],
  async look({ config, client }) {
    const channels = Object.entries(config.alerts?.slack?.channels ?? {});
    if (channels.length === 0) return other('none', 'The configuration names no channel of Slack.');
    const read = secureStrings(client);
    const looked = await sideBySide(channels, ([name, channel]) => lookAt(name, channel, read));
    const problems = looked.flatMap((one) => ('problems' in one ? one.problems : []));
    const [unknown] = looked.flatMap((one) => ('unknown' in one ? [one] : []));
    if (problems.length > 0 || !unknown) return answer(`Slack takes what is for its ${channels.length} channels.`, problems);
    return other('unknown', unknown.unknown, unknown.next);
  },
};

async function lookAt(name: string, channel: SlackChannel, read: (parameter: string) => Promise<string>): Promise<Looked> {
  const parameter = 'webhookParameter' in channel ? channel.webhookParameter : channel.tokenParameter;
  let secret: string;
  try {
    secret = (await trying(`read the parameter ${parameter}`, () => read(parameter))).trim();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (/ParameterNotFound|is not a SecureString/.test(error.message))
      return { problems: [{ says: `${name}: ${error.message}`, next: renew(parameter) }] };
    return { unknown: error.message, next: error.next ?? 'Choose a profile that may read it.' };
  }
  try {
    return 'webhookParameter' in channel
      ? await lookAtWebhook(name, secret, parameter)
      : await lookAtBot(name, channel.channel, secret, parameter);
  } catch (error) {
    // what fails on the way to Slack names the address, which of a webhook is the secret
    return { unknown: `Slack was not reached: ${errorText(error, [secret])}`, next: 'Check the network, then run `redress doctor` again.' };
  }
}

async function lookAtWebhook(name: string, url: string, parameter: string): Promise<Looked> {
  const code = await probeWebhook(url);
  if (code === undefined) return { problems: [] };
  return { problems: [{ says: `${name}: Slack does not take the webhook (${code}).`, next: renew(parameter) }] };
}

async function lookAtBot(name: string, channel: string, token: string, parameter: string): Promise<Looked> {
  const asked = await askSlack('auth.test', token);
  if (!asked.isOk) return { problems: [{ says: `${name}: Slack does not take the token (${asked.error}).`, next: renew(parameter) }] };
  const info = await askSlack('conversations.info', token, { channel });
  if (info.error === 'missing_scope')
    return {
      unknown: `${name}: the token is good, and whether the bot is in ${channel} Slack does not tell it without the scope channels:read.`,
      next: 'Give the app that scope (groups:read for a private channel), or look in the channel whether the bot is a member.',
    };
  const invite = `Invite the bot to the channel ${channel}, or name another in redress.config.ts and deploy.`;
  if (!info.isOk)
    return { problems: [{ says: `${name}: Slack does not show the bot the channel ${channel} (${info.error}).`, next: invite }] };
  if (info.channel?.is_archived) return { problems: [{ says: `${name}: the channel ${channel} is archived.`, next: invite }] };
  if (info.channel?.is_member === false)
    return { problems: [{ says: `${name}: the bot is not in the channel ${channel}.`, next: invite }] };
  return { problems: [] };
}
