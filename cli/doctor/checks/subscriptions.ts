import { ListSubscriptionsByTopicCommand, SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { trying } from '../../failure.ts';
import { answer, type Check, other, type Patient, type Problem } from '../check.ts';

/** The outputs that name topics. */
const TOPICS = ['TopicArn', 'AmazonQTopicArn'];

/** Whether somebody gets the alerts, and everybody who should has confirmed. */
export const subscriptions: Check = {
  id: 'subscriptions',
  asks: 'Is somebody subscribed to the alerts, and confirmed?',
  needs: ['sns:ListSubscriptionsByTopic'],
  async look(patient) {
    const sns = new SNSClient(patient.client);
    const topics = TOPICS.flatMap((name) => patient.deployment.outputs.get(name) ?? []);
    const found = await Promise.all(
      topics.map(async (topic) => [topic, await trying(`list the subscriptions of ${topic}`, () => listed(sns, topic))] as const),
    );
    const problems = [
      ...found.flatMap(([topic, list]) => list.filter(isPending).map((one) => pending(topic, one, patient))),
      ...absent(found, patient),
    ];
    const empty = found.flatMap(([topic, list]) => (list.length === 0 ? [topic] : []));
    if (problems.length > 0 || empty.length === 0)
      return answer(
        'Every subscription is confirmed.',
        problems,
        found.flatMap(([topic, list]) => list.map(({ Protocol, Endpoint }) => `${topic}: ${Protocol} ${Endpoint}`)),
      );
    return other(
      'note',
      `Nobody is subscribed to ${empty.join(', ')}, where the alarms go too.`,
      'Name an address under `alerts.emails` in redress.config.ts and deploy, or subscribe something of yours to the topic.',
    );
  },
};

async function listed(sns: SNSClient, TopicArn: string): Promise<Subscription[]> {
  const all: Subscription[] = [];
  let NextToken: string | undefined;
  do {
    const page = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }));
    // what was deleted shows for some days
    all.push(...(page.Subscriptions ?? []).filter((one) => one.SubscriptionArn !== 'Deleted'));
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}

function isPending({ SubscriptionArn }: Subscription): boolean {
  return SubscriptionArn === 'PendingConfirmation';
}

function pending(topic: string, { Protocol, Endpoint }: Subscription, { region }: Patient): Problem {
  return {
    says: `${Endpoint} has not confirmed its subscription, and gets nothing.`,
    next: `Have the link in AWS's message followed. If it is lost, \`aws sns subscribe --topic-arn ${topic} --protocol ${Protocol} --notification-endpoint ${Endpoint} --region ${region}\` sends another.`,
  };
}

/** The addresses of the config that are not subscribed: whoever unsubscribes is out until somebody subscribes them again. */
function absent(found: readonly (readonly [string, readonly Subscription[]])[], { config, region, deployment }: Patient): Problem[] {
  const topic = deployment.outputs.get('TopicArn') ?? '';
  const there = new Set(found.flatMap(([, list]) => list.map(({ Endpoint }) => Endpoint)));
  return (config.alerts?.emails ?? [])
    .filter((email) => !there.has(email))
    .map((email) => ({
      says: `${email} is named in the configuration, and is not subscribed.`,
      next: `If they did not leave on purpose: \`aws sns subscribe --topic-arn ${topic} --protocol email --notification-endpoint ${email} --region ${region}\`.`,
    }));
}
