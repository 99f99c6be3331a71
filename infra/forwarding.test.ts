import { describe, expect, test } from 'vitest';
import type { Trigger } from '#shared/control/control.ts';
import { branchesOf, isMatch, type Thing } from '#shared/replay/matcher.ts';
import { forwardingRules, memberRolesOf } from './forwarding.ts';

describe('rules that forward', () => {
  const roles = memberRolesOf([{ id: 'volumes' }]);
  const call = (eventName: string, detail: Thing = {}, eventSource = 'ec2.amazonaws.com') => ({
    source: `aws.${eventSource.replace(/\.amazonaws\.com$/, '')}`,
    'detail-type': 'AWS API Call via CloudTrail',
    detail: { eventSource, eventName, ...detail },
  });
  const names = (rules: ReturnType<typeof forwardingRules>, event: Thing) =>
    rules.filter(({ pattern }) => isMatch(branchesOf(pattern), event)).map(({ name }) => name.replace(/^redress-forward-/, ''));
  const root: Trigger = { eventSource: '*', eventNames: [], where: { userIdentity: { type: ['Root'] } } };
  const ec2 = (eventNames: readonly string[], where?: Thing): Trigger => ({
    eventSource: 'ec2.amazonaws.com',
    eventNames,
    ...(where && { where }),
  });
  // each over the half of what a pattern holds
  const long = (text: string) => ({ requestParameters: { id: Array.from({ length: 20 }, (_, n) => `${text}-${n}-${'x'.repeat(50)}`) } });

  test('leave out what compliant creations can be told by, unless a control wants every such call', () => {
    const filtered = ec2(['CreateVolume'], { responseElements: { encrypted: [false] } });
    const rules = forwardingRules([filtered, ec2(['RunInstances'])], roles);
    expect(names(rules, call('CreateVolume', { responseElements: { encrypted: false } }))).toEqual(['ec2']);
    expect(names(rules, call('CreateVolume', { responseElements: { encrypted: true } }))).toEqual([]);
    const all = forwardingRules([filtered, ec2(['RunInstances', 'CreateVolume'])], roles);
    expect(names(all, call('CreateVolume', { responseElements: { encrypted: true } }))).toEqual(['ec2']);
    expect(JSON.stringify(all)).not.toContain('encrypted');
  });

  test('are as many as a service needs, parted by how the names of its calls begin', () => {
    const rules = forwardingRules(
      [ec2(['CreateVolume'], long('vol')), ec2(['CreateSnapshot', 'CreateSnapshots'], long('snap')), root],
      roles,
    );
    const request = (id: string) => ({ requestParameters: { id: `${id}-0-${'x'.repeat(50)}` } });
    const asRoot = { userIdentity: { type: 'Root' } };
    expect(names(rules, call('CreateSnapshots', request('snap')))).toEqual(['ec2-1']);
    expect(names(rules, call('CreateSnapshots', asRoot))).toEqual(['ec2-1']);
    expect(names(rules, call('CreateSnapshots', request('vol')))).toEqual([]);
    expect(names(rules, call('CreateVolume', { ...request('vol'), ...asRoot }))).toEqual(['ec2-2']);
    // of which no control names a call
    expect(names(rules, call('CreateVolumePermission', asRoot))).toEqual(['ec2-2']);
    expect(names(rules, call('CreateTags', asRoot))).toEqual(['ec2-3']);
    expect(names(rules, call('CreateVolume', asRoot, 'storagegateway.amazonaws.com'))).toEqual(['others']);
    expect(names(rules, call('CreateTags'))).toEqual([]);
  });

  test('keep calls together of which one begins as another does', () => {
    const rules = forwardingRules([ec2(['CreateSnapshot'], long('one')), ec2(['CreateSnapshots'], long('many')), root], roles);
    for (const name of ['CreateSnapshot', 'CreateSnapshots', 'CreateSnapshotOfAnotherKind'])
      expect(names(rules, call(name, { userIdentity: { type: 'Root' } }))).toEqual(['ec2-1']);
  });

  test('do not filter a call by more than a rule holds', () => {
    const rules = forwardingRules(
      [ec2(['CreateVolume'], long('a')), ec2(['CreateVolume'], long('b')), ec2(['RunInstances'], long('c'))],
      roles,
    );
    expect(names(rules, call('CreateVolume'))).toEqual(['ec2']);
    expect(names(rules, call('RunInstances'))).toEqual([]);
  });

  test('are refused where what is wanted of any call is too long', () => {
    const any: Trigger = {
      eventSource: '*',
      eventNames: [],
      where: { ...long('a'), ...{ responseElements: long('b').requestParameters } },
    };
    expect(() => forwardingRules([any], roles)).toThrow('longer than the 2048 characters');
  });

  test('have one for each kind of notice', () => {
    const state = (wanted: string): Trigger => ({ ...ec2([], { State: [wanted] }), detailType: 'EC2 AMI State Change' });
    const rules = forwardingRules([state('available'), state('available'), state('failed')], roles);
    const event = (State: string) => ({ source: 'aws.ec2', 'detail-type': 'EC2 AMI State Change', detail: { State } });
    expect(['available', 'failed', 'pending'].map((one) => names(rules, event(one)))).toEqual([
      ['ec2-ami-state-change'],
      ['ec2-ami-state-change'],
      [],
    ]);
  });
});
