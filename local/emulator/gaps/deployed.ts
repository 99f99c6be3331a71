import { createHash } from 'node:crypto';
import { jsonAnswer } from '../../http.ts';
import { at, isObject, type Json, type JsonObject, listAt, parseJson, stringAt } from '../../json.ts';
import { parseAnswer, queryAnswer } from '../ec2-xml.ts';
import type { DeployedStack } from '../stack.ts';
import type { Additions } from './addition.ts';

const SNS = 'http://sns.amazonaws.com/doc/2010-03-31/';
const IAM = 'https://iam.amazonaws.com/doc/2010-05-08/';

/** What of the stack moto has not, or has otherwise, as whoever looks at the deployment expects it. */
export function deployed(stackOf: () => Pick<DeployedStack, 'resources' | 'mappings'>, disabled: Set<string>): Additions {
  /** Queues whose policy somebody has set, so that it is moto's own. */
  const ownPolicies = new Set<string>();
  /** Subscriptions that nobody has confirmed. */
  const pending = new Set<string>();
  const propertiesOf = (type: string) => stackOf().resources.flatMap((one) => (one.type === type ? [one.properties as JsonObject] : []));

  return {
    // the stack is made without the policies of queues
    async 'sqs:GetQueueAttributes'(call, { forward }) {
      const answer = await forward(call);
      const said = parseJson(answer.body.toString('utf8'));
      const name = queueIn(call.json);
      const isAsked = listAt(call.json, 'AttributeNames').some((one) => one === 'All' || one === 'Policy');
      const policy = propertiesOf('AWS::SQS::QueuePolicy').find((one) =>
        listAt(one, 'Queues').some((url) => String(url).endsWith(`/${name}`)),
      );
      if (answer.status >= 400 || !isObject(said) || !isAsked || !policy || ownPolicies.has(name)) return answer;
      const attributes = said['Attributes'];
      const Attributes = { ...(isObject(attributes) ? attributes : {}), Policy: JSON.stringify(policy['PolicyDocument']) };
      return jsonAnswer({ ...said, Attributes }, answer.status, 'application/x-amz-json-1.0');
    },
    async 'sqs:SetQueueAttributes'(call, { forward }) {
      if (at(call.json, 'Attributes', 'Policy') !== undefined) ownPolicies.add(queueIn(call.json));
      return await forward(call);
    },
    // a schedule has a pattern in moto, which has no clock
    async 'events:ListRules'(call, { forward }) {
      const answer = await forward(call);
      const said = parseJson(answer.body.toString('utf8'));
      if (answer.status >= 400 || !isObject(said)) return answer;
      const known = new Map(propertiesOf('AWS::Events::Rule').map((one) => [stringAt(one, 'Name'), one]));
      const Rules = listAt(said, 'Rules')
        .filter(isObject)
        .map(({ EventPattern, ...rule }) => {
          const isLevelled = String(EventPattern).includes('"Scheduled Event"');
          const pattern = isLevelled ? at(known.get(stringAt(rule, 'Name')), 'EventPattern') : EventPattern;
          return { ...rule, ...(pattern !== undefined && { EventPattern: isLevelled ? JSON.stringify(pattern) : pattern }) };
        });
      return jsonAnswer({ ...said, Rules }, answer.status, 'application/x-amz-json-1.1');
    },
    // the runner polls the queues
    async 'lambda:ListEventSourceMappings'(call) {
      const asked = new URL(call.request.path, 'http://localhost').searchParams.get('FunctionName');
      const EventSourceMappings = stackOf()
        .mappings.filter(({ functionName }) => asked === null || asked === functionName)
        .map(({ functionName, queueArn, batchSize, reportsFailures }) => ({
          UUID: idOf(functionName),
          FunctionArn: `arn:aws:lambda:${call.region}:${call.account}:function:${functionName}`,
          EventSourceArn: queueArn,
          BatchSize: batchSize,
          FunctionResponseTypes: reportsFailures ? ['ReportBatchItemFailures'] : [],
          State: disabled.has(functionName) ? 'Disabled' : 'Enabled',
        }));
      return jsonAnswer({ EventSourceMappings });
    },
    async 'lambda:UpdateEventSourceMapping'(call) {
      const id = call.request.path.split('/').at(-1) ?? '';
      const mapping = stackOf().mappings.find(({ functionName }) => idOf(functionName) === id);
      if (!mapping) return jsonAnswer({ Type: 'User', message: 'The resource you requested does not exist.' }, 404);
      const isEnabled = call.json['Enabled'] !== false;
      if (isEnabled) disabled.delete(mapping.functionName);
      else disabled.add(mapping.functionName);
      return jsonAnswer({ UUID: id, State: isEnabled ? 'Enabling' : 'Disabling' }, 202);
    },
    // no message leaves this machine, and whom the config names has confirmed
    async 'sns:ListSubscriptionsByTopic'(call, { forward, requestId }) {
      const answer = await forward(call);
      if (answer.status >= 400) return answer;
      const topic = call.query.get('TopicArn') ?? '';
      const found = at(parseAnswer(answer.body), 'ListSubscriptionsByTopicResult', 'Subscriptions', 'member');
      const others = (found === undefined ? [] : [found].flat())
        .filter(isObject)
        .map((one) => (pending.has(stringAt(one, 'SubscriptionArn') ?? '') ? { ...one, SubscriptionArn: 'PendingConfirmation' } : one));
      const ours = propertiesOf('AWS::SNS::Subscription')
        .filter((one) => one['TopicArn'] === topic)
        .map(
          ({ Protocol, Endpoint }): JsonObject => ({
            TopicArn: topic,
            Protocol: Protocol ?? '',
            Endpoint: Endpoint ?? '',
            SubscriptionArn: `${topic}:${idOf(String(Endpoint))}`,
            Owner: call.account,
          }),
        );
      return queryAnswer(SNS, call.action, { Subscriptions: { member: [...ours, ...others] } }, requestId);
    },
    // who is subscribed by e-mail has to confirm it
    async 'sns:Subscribe'(call, { forward, requestId }) {
      const answer = await forward(call);
      if (answer.status >= 400 || call.query.get('Protocol') !== 'email') return answer;
      const arn = stringAt(parseAnswer(answer.body), 'SubscribeResult', 'SubscriptionArn');
      if (arn) pending.add(arn);
      return queryAnswer(SNS, call.action, { SubscriptionArn: 'pending confirmation' }, requestId);
    },
    // nothing here is denied
    async 'iam:SimulatePrincipalPolicy'(call, { requestId }) {
      const actions = [...call.query].flatMap(([name, value]) => (name.startsWith('ActionNames.member.') ? [value] : []));
      const member = actions.map((action): Json => ({ EvalActionName: action, EvalResourceName: '*', EvalDecision: 'allowed' }));
      return queryAnswer(IAM, call.action, { EvaluationResults: { member }, IsTruncated: 'false' }, requestId);
    },
  };
}

function queueIn(json: JsonObject): string {
  return stringAt(json, 'QueueUrl')?.split('/').at(-1) ?? '';
}

function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
