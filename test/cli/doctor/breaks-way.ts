import { type Break, of } from './break.ts';

/** Breaks of what leads to the queues. */
export const breaksOfWay: readonly Break[] = [
  [
    'a deployment failed',
    'stack',
    ({ stack }) => void Object.assign(stack, { status: 'UPDATE_ROLLBACK_COMPLETE' }),
    /is UPDATE_ROLLBACK_COMPLETE/,
    /describe-stack-events/,
  ],
  [
    'a deployment is not done',
    'stack',
    ({ stack }) => void Object.assign(stack, { status: 'UPDATE_IN_PROGRESS' }),
    /IN_PROGRESS/,
    /Wait until/,
  ],
  [
    'another config was deployed',
    'config',
    ({ stack }) => void stack.outputs.set('ConfigDigest', 'old'),
    /\(old\) is not the one here/,
    /npx cdk diff/,
  ],
  [
    'another version was deployed',
    'code',
    ({ stack }) => void stack.outputs.set('CodeDigest', 'old'),
    /from other sources or packages \(old\)/,
    /clone of the version that is deployed/,
  ],
  ['there is no trail', 'trail', ({ trails }) => trails.clear(), /There is no trail/, /`trail: true`/],
  [
    'the trail was stopped',
    'trail',
    ({ trails }) => void Object.assign(of(trails, 'all'), { isLogging: false }),
    /trail all is stopped/,
    /start-logging --name arn:trail\/all/,
  ],
  [
    'the trail logs reads alone',
    'trail',
    ({ trails }) =>
      void Object.assign(of(trails, 'all'), {
        selectors: { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'ReadOnly' }] },
      }),
    /does not log every management event/,
    /put-event-selectors/,
  ],
  [
    'the trail logs the calls of one service',
    'trail',
    ({ trails }) => {
      const FieldSelectors = [
        { Field: 'eventCategory', Equals: ['Management'] },
        { Field: 'eventSource', Equals: ['iam.amazonaws.com'] },
      ];
      of(trails, 'all').selectors = { AdvancedEventSelectors: [{ FieldSelectors }] };
    },
    /does not log every management event/,
    /put-event-selectors/,
  ],
  [
    'a rule was disabled',
    'rules',
    ({ rules }) => void Object.assign(of(rules, 'redress-volume-encrypted'), { State: 'DISABLED' }),
    /redress-volume-encrypted is disabled/,
    /enable-rule --name redress-volume-encrypted --region eu-west-1/,
  ],
  [
    'the rule of the alerts was disabled',
    'rules',
    ({ rules }) => void Object.assign(of(rules, 'redress-alerts'), { State: 'DISABLED' }),
    /redress-alerts is disabled/,
    /--event-bus-name redress /,
  ],
  [
    'a rule is gone',
    'rules',
    ({ rules }) => void rules.delete('redress-volume-encrypted'),
    /no rule redress-volume-encrypted/,
    /--revert-drift/,
  ],
  [
    'a pattern was changed',
    'rules',
    ({ rules }) => void Object.assign(of(rules, 'redress-volume-encrypted'), { EventPattern: '{"source":["aws.ec2"]}' }),
    /has not this version's pattern/,
    /npx cdk deploy/,
  ],
  [
    'a schedule was changed',
    'rules',
    ({ rules }) => void Object.assign(of(rules, 'redress-volumes-sweep-1-day'), { ScheduleExpression: 'rate(9 days)' }),
    /runs rate\(9 days\), not rate\(1 day\)/,
    /npx cdk deploy/,
  ],
  [
    'a rule lost its target',
    'targets',
    ({ rules }) => void rules.set('redress-volume-encrypted', { ...of(rules, 'redress-volume-encrypted'), to: '' }),
    /redress-volume-encrypted does not send to \S+:redress-volumes/,
    /--revert-drift/,
  ],
  [
    'a sweep is late',
    'sweeps',
    ({ sent }) => void sent.set('redress-volumes-sweep-1-day', 3 * 86_400_000),
    /redress-volumes-sweep-1-day should run every day, and CloudWatch counted its last run 3d ago/,
    /check `rules`/,
  ],
  [
    'a sweep never ran',
    'sweeps',
    ({ sent }) => void sent.delete('redress-volumes-sweep-1-day'),
    /redress-volumes-sweep-1-day .*has counted no run/,
    /check `queues`/,
  ],
];
