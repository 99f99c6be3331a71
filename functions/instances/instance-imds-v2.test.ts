import { type Instance, ModifyInstanceMetadataOptionsCommand } from '@aws-sdk/client-ec2';
import { callEvent, launchOf, runInstances } from '../../test/fixtures/events.ts';
import { awsError } from '../../test/support/harness.ts';
import { type Account, instance, instancesWorld } from '../../test/support/instances/world.ts';
import { testControl } from '../../test/support/tester.ts';
import control from './instance-imds-v2.ts';

const set = (HttpTokens: 'optional' | 'required') => new ModifyInstanceMetadataOptionsCommand({ InstanceId: 'i-1', HttpTokens });
/** An account with one instance whose requests without tokens are those of the days. */
const world = (tokenless: readonly number[] | undefined, more: Parameters<typeof instance>[1] = {}, account: Account = {}) => {
  const tokens = tokenless && { tokenless: { 'i-1': tokenless } };
  return () => instancesWorld({ instances: [instance('i-1', more)], ...tokens, ...account });
};
const made = runInstances('i-1');
const unused = [0, 0, 0];
/** The changing call, as its only public record has it. */
const changed = callEvent('ModifyInstanceMetadataOptions', {
  requestParameters: { ModifyInstanceMetadataOptionsRequest: { HttpTokens: 'optional', InstanceId: 'i-1' } },
});
const options = (more: Instance['MetadataOptions']) => ({ MetadataOptions: { ...instance('i-1').MetadataOptions, ...more } });
const ofStack = { tags: { 'aws:cloudformation:stack-name': 'shop' } };
const denied = awsError('AccessDenied', 'User is not authorized to perform: cloudwatch:GetMetricData', 403);

testControl(control, {
  valid: [
    { name: 'an instance that demands tokens', world: world(undefined, options({ HttpTokens: 'required' })), event: made },
    { name: 'one whose metadata service is off', world: world([7], options({ HttpEndpoint: 'disabled' })), event: changed },
  ],
  invalid: [
    {
      name: 'one that nobody asks without a token',
      world: world(unused),
      event: made,
      sends: [set('required')],
      status: 'fixed',
      says: 'Found: Its metadata service answers without a session token (IMDSv1). No request of the last 14 days came without one. Now: Its metadata service demands session tokens.',
    },
    {
      name: 'kubernetes-sigs/aws-load-balancer-controller#3321: two requests a day of a controller with an old SDK',
      world: world([2, 2, 2]),
      event: made,
      sends: [],
      status: 'awaiting-approval',
      says: /In the last 14 days, 6 requests came without one, and would have failed/,
      advice: /Find the program that asks without a token before you say yes/,
    },
    {
      name: 'kubernetes-sigs/aws-ebs-csi-driver#1632: a driver that panics without IMDSv1, whose owner says yes',
      world: world([1]),
      event: made,
      isApproved: true,
      sends: [set('required')],
      status: 'fixed',
      says: /1 request came without one, and would have failed\. Now: /,
    },
    {
      name: 'aws/containers-roadmap#930: containers behind a hop limit of 1 get no token',
      world: world(unused, options({ HttpPutResponseHopLimit: 1 })),
      event: made,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /answers without a session token/,
      advice:
        /Containers on it get a token only with a hop limit of 2, .*`aws ec2 modify-instance-metadata-options --instance-id i-1 --http-put-response-hop-limit 2`/,
    },
    {
      name: 'e2b-dev/infra#2452: scripts that read metadata without a token at a start alone, which was long ago',
      world: world(unused),
      event: made,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /No request of the last 14 days came without one/,
      advice: /It last started more than 14 days ago: what its scripts ask at a start alone is not counted/,
    },
    {
      name: 'one whose last start is counted',
      world: world(unused, { LaunchTime: new Date('2026-11-12T08:00:00Z') }),
      event: made,
      mode: 'approve',
      sends: [],
      status: 'awaiting-approval',
      says: /No request of the last 14 days came without one/,
      advice: /^Afterwards the metric/,
    },
    {
      name: 'one that was stopped for two weeks, of which there are no data',
      world: world(undefined, { State: { Name: 'stopped' } }),
      event: made,
      sends: [],
      status: 'awaiting-approval',
      says: /How many requests of the last 14 days had none is not known: CloudWatch has no number of them/,
    },
    {
      name: 'one whose metric Redress may not read',
      world: world(unused, {}, { refuses: { 'cloudwatch:GetMetricData': denied } }),
      event: made,
      sends: [],
      status: 'awaiting-approval',
      says: /Redress cannot read their number: cloudwatch:GetMetricData: User is not authorized/,
    },
    {
      name: 'one whose metric CloudWatch could read in part only',
      world: world(unused, {}, { status: 'InternalError' }),
      event: made,
      sends: [],
      status: 'awaiting-approval',
      says: /CloudWatch has no number of them/,
    },
    {
      name: 'one whose metric comes in parts, of which the last is missing',
      world: world(unused, {}, { status: 'PartialData' }),
      event: made,
      sends: [],
      status: 'awaiting-approval',
      says: /CloudWatch has no number of them/,
    },
    {
      name: 'one that somebody let answer without tokens: who made it is not known',
      world: world(unused),
      event: changed,
      sends: [],
      status: 'awaiting-approval',
      says: /did not see who made it/,
    },
    {
      name: 'one of a group, whose template is the source',
      world: world(unused, { tags: { 'aws:autoscaling:groupName': 'web', 'aws:ec2launchtemplate:id': 'lt-1' } }),
      event: launchOf('i-1'),
      sends: [set('required')],
      status: 'fixed',
      says: /Now: Its metadata service demands session tokens/,
    },
    {
      name: 'one of a group without a template: it is told what to replace',
      world: world([1], { tags: { 'aws:autoscaling:groupName': 'web' } }),
      event: launchOf('i-1'),
      sends: [],
      status: 'awaiting-approval',
      says: /1 request came/,
      advice:
        /The Auto Scaling group web launched it, .* Set it in the launch template of the group, then have the group replace its instances: `aws autoscaling start-instance-refresh --auto-scaling-group-name web`/,
    },
    {
      name: "a stack's, of which a person turned tokens off",
      world: world(unused, ofStack),
      event: changed,
      sends: [set('required')],
      status: 'fixed',
      says: /Now: Its metadata service demands session tokens/,
    },
  ],
  skipped: [
    { name: 'a terminated instance', world: world(unused, { State: { Name: 'terminated' } }), event: made, says: /is terminated/ },
    { name: 'one whose options AWS does not show', world: world(unused, { MetadataOptions: {} }), event: made, says: /does not show/ },
    {
      name: "a stack's, of which a person changed another option",
      world: world(unused, ofStack),
      event: callEvent('ModifyInstanceMetadataOptions', {
        requestParameters: { ModifyInstanceMetadataOptionsRequest: { HttpPutResponseHopLimit: 2, InstanceId: 'i-1' } },
      }),
      says: /The CloudFormation stack shop manages it/,
    },
    {
      name: 'one of a CloudFormation stack',
      world: world(unused, ofStack),
      event: made,
      says: /The CloudFormation stack shop manages it/,
      advice: /^CloudFormation: set `MetadataOptions: \{ HttpTokens: required \}` on the AWS::EC2::Instance/,
    },
  ],
  undo: [{ name: 'it answers without tokens again', world: world(unused), event: made, sends: [set('optional')] }],
});
