import { type Break, of } from './break.ts';

/** Breaks of roles, and of what leads to people. */
export const breaksOfPeople: readonly Break[] = [
  [
    'a statement of a role was removed',
    'roles',
    ({ roles }) => {
      const { policies } = of(roles, 'redress-volumes-eu-west-1');
      const policy = JSON.parse(of(policies, 'work'));
      policies.set('work', JSON.stringify({ ...policy, Statement: policy.Statement.slice(1) }));
    },
    /redress-volumes-eu-west-1 lacks the statement that allows logs:CreateLogStream, logs:PutLogEvents/,
    /--revert-drift/,
  ],
  [
    'the policy of a role was removed',
    'roles',
    ({ roles }) => of(roles, 'redress-volumes-eu-west-1').policies.clear(),
    /lacks the statement/,
    /--revert-drift/,
  ],
  [
    'a role may do more',
    'roles',
    ({ roles }) => {
      const { policies } = of(roles, 'redress-volumes-eu-west-1');
      const policy = JSON.parse(of(policies, 'work'));
      policies.set(
        'work',
        JSON.stringify({ ...policy, Statement: [...policy.Statement, { Effect: 'Allow', Action: '*', Resource: '*' }] }),
      );
    },
    /has a statement of somebody else's, which allows \*/,
    /--revert-drift/,
  ],
  [
    'a role has one policy more',
    'roles',
    ({ roles }) => void of(roles, 'redress-volumes-eu-west-1').attached.push('AdministratorAccess'),
    /has the policy AdministratorAccess/,
    /--revert-drift/,
  ],
  [
    'a role has one inline policy more',
    'roles',
    ({ roles }) => void of(roles, 'redress-volumes-eu-west-1').policies.set('more', '{}'),
    /has the policy more/,
    /--revert-drift/,
  ],
  [
    'a role trusts others',
    'roles',
    ({ roles }) => void Object.assign(of(roles, 'redress-volumes-eu-west-1'), { trust: '{}' }),
    /Whom the role redress-volumes-eu-west-1 trusts/,
    /--revert-drift/,
  ],
  [
    'a role is gone',
    'roles',
    ({ roles }) => void roles.delete('redress-volumes-eu-west-1'),
    /no role redress-volumes-eu-west-1/,
    /npx cdk deploy/,
  ],
  [
    'a boundary denies',
    'permissions',
    ({ denied }) => void denied.set('ec2:DescribeVolumes', 'boundary'),
    /boundary .*redress-volumes-eu-west-1 .*ec2:DescribeVolumes/,
    /Allow it in the boundary/,
  ],
  [
    'the organization denies',
    'permissions',
    ({ denied }) => void denied.set('ec2:DescribeVolumes', 'organization'),
    /organization .*ec2:DescribeVolumes/,
    /Ask those who manage/,
  ],
  [
    'nobody has confirmed',
    'subscriptions',
    ({ subscriptions }) =>
      void subscriptions.push({ Protocol: 'email', Endpoint: 'late@example.com', SubscriptionArn: 'PendingConfirmation' }),
    /late@example.com has not confirmed/,
    /aws sns subscribe --topic-arn \S+ --protocol email --notification-endpoint late@example.com/,
  ],
  [
    'somebody has left',
    'subscriptions',
    ({ subscriptions }) => void subscriptions.pop(),
    /ops@example.com is named .* not subscribed/,
    /If they did not leave on purpose/,
  ],
  [
    'the token is wrong',
    'slack',
    ({ slack }) => void slack.set('/api/auth.test', { ok: false, error: 'invalid_auth' }),
    /ops: Slack does not take the token \(invalid_auth\)/,
    /put-parameter --name \/redress\/slack\/token/,
  ],
  [
    'the bot was removed',
    'slack',
    ({ slack }) => void slack.set('/api/conversations.info', { ok: true, channel: { is_member: false } }),
    /ops: the bot is not in the channel C0000000001/,
    /Invite the bot/,
  ],
  [
    'the channel is archived',
    'slack',
    ({ slack }) => void slack.set('/api/conversations.info', { ok: true, channel: { is_archived: true } }),
    /is archived/,
    /name another/,
  ],
  [
    'there is no such channel',
    'slack',
    ({ slack }) => void slack.set('/api/conversations.info', { ok: false, error: 'channel_not_found' }),
    /channel_not_found/,
    /Invite the bot/,
  ],
  [
    'the webhook was removed',
    'slack',
    ({ slack }) => void slack.set('/services/T0/B0/x', 'no_service'),
    /web: Slack does not take the webhook \(no_service\)/,
    /put-parameter --name \/redress\/slack\/webhook/,
  ],
  [
    'the token is not there',
    'slack',
    ({ parameters }) => void parameters.delete('/redress/slack/token'),
    /ops: .*ParameterNotFound/,
    /put-parameter/,
  ],
  [
    'the token is plaintext',
    'slack',
    ({ parameters }) => void Object.assign(of(parameters, '/redress/slack/token'), { Type: 'String' }),
    /is not a SecureString/,
    /--type SecureString/,
  ],
];
