import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AnyControl } from '#shared/control/control.ts';
import type { CloudTrailRecord } from '#shared/control/record.ts';
import { matches } from '#shared/replay/matcher.ts';
import { patternOf } from '../../../infra/patterns.ts';
import { callEvent } from '../../../test/fixtures/events.ts';
import { tagControlsOf } from '../../../test/support/controls.ts';
import { place } from '../../../test/support/harness.ts';
import { authorized, authorizedFlat, created, listChanged, modified, vpcMade } from '../../../test/support/security-groups/events.ts';
import { rule } from '../../../test/support/security-groups/world.ts';
import emptied from './default-security-group-empty.ts';
import { securityGroups } from './kind.ts';
import admin from './security-group-admin-closed.ts';
import cleartext from './security-group-cleartext-closed.ts';
import egress from './security-group-egress-encrypted.ts';

const roles = [`arn:aws:iam::${place.account}:role/redress-network-eu-west-1`];
const invokes = (control: AnyControl, event: object) => matches(patternOf(control, roles), JSON.parse(JSON.stringify(event)));
const one = (text: string, more = {}) => rule('sgr-1', text, more);
const old = { responseElements: { requestId: 'r', _return: true } };

describe('a call that opens nothing to the world invokes nothing', () => {
  test.each([
    ['SSH from an office', authorized([one('tcp 22 203.0.113.0/24')]), false],
    ['SSH from a /8', authorized([one('tcp 22 3.0.0.0/8')]), false],
    ['SSH from a /10', authorized([one('tcp 22 100.64.0.0/10')]), false],
    ['SSH from one address of IPv6', authorized([one('tcp 22 2001:db8::1/128')]), false],
    ['SSH from a group', authorized([one('tcp 22 sg-2')]), false],
    ['SSH from an office in the short form', authorizedFlat(one('tcp 22 203.0.113.0/24')), false],
    ['a change to an office', modified(one('tcp 22 203.0.113.0/24')), false],
    ['a change to one address of IPv6', modified(one('tcp 22 2001:db8::10/120')), false],
    ['an outbound rule', authorized([one('tcp 22 0.0.0.0/0')], {}, 'AuthorizeSecurityGroupEgress'), false],
    ['a new group', created('sg-1'), false],
    ['a rule that is revoked', callEvent('RevokeSecurityGroupIngress', { requestParameters: { groupId: 'sg-1' } }), false],
    ['the world', authorized([one('tcp 22 0.0.0.0/0')]), true],
    ['the world in the short form, with ports as text', authorizedFlat(one('tcp 22 0.0.0.0/0')), true],
    ['the world over IPv6', authorized([one('tcp 22 ::/0')]), true],
    ['half of the world', authorized([one('tcp 22 128.0.0.0/1')]), true],
    ['all that IPv6 routes', authorized([one('tcp 22 2000::/3')]), true],
    ['one of several rules', authorized([one('tcp 443 10.0.0.0/8'), one('tcp 22 0.0.0.0/0')]), true],
    ['a change to the world', modified(one('tcp 22 0.0.0.0/0')), true],
    ['a change to the world that is written otherwise', modified(one('tcp 22 198.51.100.1/0')), true],
    ['a change to a prefix list', modified(one('tcp 22 pl-1')), true],
    ['a prefix list', authorized([one('tcp 22 pl-1')]), true],
    ['a record without the rules', authorized([one('tcp 22 203.0.113.0/24')], old), true],
    ['a prefix list that changes', listChanged('pl-1'), true],
    ['a prefix list that goes back to a version', listChanged('pl-1', 'RestoreManagedPrefixListVersion'), true],
    ['a record that is too large', authorized([one('tcp 22 10.0.0.0/8')], { responseElements: { omitted: true } }), true],
  ])('%s: %#', (_name, event, expected) => {
    expect(invokes(admin, event)).toBe(expected);
    expect(invokes(cleartext, event)).toBe(expected);
  });

  test.each([admin, cleartext, egress, emptied])('$id: nor does a call that failed', (control) => {
    const failed = { errorCode: 'Client.UnauthorizedOperation', responseElements: null };
    for (const event of [
      authorized([one('tcp 22 0.0.0.0/0')], failed),
      modified(one('tcp 22 0.0.0.0/0'), failed),
      vpcMade('vpc-1', failed),
    ])
      expect(invokes(control, event)).toBe(false);
  });

  test('of outbound rules a new group is looked at, and what opens more', () => {
    const out = (text: string) => authorized([one(text, { IsEgress: true })], {}, 'AuthorizeSecurityGroupEgress');
    expect([created('sg-1'), out('tcp 80 0.0.0.0/0'), out('tcp 80 ::/0')].map((event) => invokes(egress, event))).toEqual([
      true,
      true,
      true,
    ]);
    expect([out('tcp 80 10.0.0.0/8'), authorized([one('tcp 22 0.0.0.0/0')])].map((event) => invokes(egress, event))).toEqual([
      false,
      false,
    ]);
  });

  test('a default group comes with its VPC', () => {
    expect(invokes(emptied, vpcMade('vpc-1'))).toBe(true);
    expect(invokes(emptied, authorized([one('tcp 22 0.0.0.0/0')]))).toBe(false);
  });

  test('of text the calls that bring some', () => {
    const { sensitive } = tagControlsOf(securityGroups);
    expect(invokes(sensitive, authorized([one('tcp 443 10.0.0.0/8')]))).toBe(false);
    expect(invokes(sensitive, authorized([one('tcp 443 10.0.0.0/8', { Description: 'x' })]))).toBe(true);
    expect(invokes(sensitive, modified(one('tcp 443 10.0.0.0/8', { Description: 'x' })))).toBe(true);
    expect(invokes(sensitive, created('sg-1'))).toBe(true);
  });
});

describe('a record names', () => {
  const named = (event: { detail: object }, control: AnyControl = admin) => control.targets(event.detail as CloudTrailRecord, place);
  const by = { via: 'AWS CLI', by: `arn:aws:iam::${place.account}:user/dana` };
  const at = '2026-11-21T09:00:00Z';

  test('the group, and who made which rule', () => {
    expect(named(authorized([one('tcp 22 0.0.0.0/0')]))).toEqual([
      { type: 'AWS::EC2::SecurityGroup', id: 'sg-1', hint: { rules: { 'sgr-1': by }, at } },
    ]);
    expect(named(modified(one('tcp 22 0.0.0.0/0')))).toEqual([
      { type: 'AWS::EC2::SecurityGroup', id: 'sg-1', hint: { rules: { 'sgr-1': by }, at } },
    ]);
    expect(named(authorized([one('tcp 22 0.0.0.0/0')], old))).toEqual([{ type: 'AWS::EC2::SecurityGroup', id: 'sg-1' }]);
  });
  test('the same with several changed rules as a list, or with one in a list', () => {
    const change = (SecurityGroupRuleId: string, tag: number) => ({
      SecurityGroupRuleId,
      tag,
      SecurityGroupRule: { CidrIpv4: '0.0.0.0/0' },
    });
    const event = (rules: object) =>
      callEvent('ModifySecurityGroupRules', {
        requestParameters: { ModifySecurityGroupRulesRequest: { GroupId: 'sg-1', SecurityGroupRule: rules } },
      });
    const rulesIn = (rules: object) => named(event(rules)).map(({ hint }) => Object.keys(Object(hint).rules));
    expect(rulesIn([change('sgr-1', 1), change('sgr-2', 2)])).toEqual([['sgr-1', 'sgr-2']]);
    expect(rulesIn(change('sgr-1', 1))).toEqual([['sgr-1']]);
    expect(invokes(admin, event([change('sgr-1', 1), change('sgr-2', 2)]))).toBe(true);
  });
  test('a name, a prefix list or a VPC, whose groups are looked up', () => {
    const byName = { requestParameters: { groupName: 'web' }, responseElements: { _return: true } };
    expect(named(authorized([one('tcp 22 0.0.0.0/0')], byName))).toEqual([{ type: 'AWS::EC2::SecurityGroup::Name', id: 'web' }]);
    expect(named(listChanged('pl-1'))).toEqual([{ type: 'AWS::EC2::PrefixList', id: 'pl-1' }]);
    expect(named(vpcMade('vpc-1'), emptied)).toMatchObject([{ type: 'AWS::EC2::VPC', id: 'vpc-1' }]);
    const wrapped = { responseElements: { CreateDefaultVpcResponse: { vpc: { vpcId: 'vpc-2' } } } };
    expect(named(callEvent('CreateDefaultVpc', wrapped), emptied)).toMatchObject([{ type: 'AWS::EC2::VPC', id: 'vpc-2' }]);
  });
  test('nothing, where it holds nothing', () => {
    expect(named(callEvent('AuthorizeSecurityGroupIngress'))).toEqual([]);
  });
});

/** Real records, where the checkout stands beside them. */
const folders = ['records', 'relatives', 'more'].map((name) => `../shared/cloudtrail/${name}`).filter((folder) => existsSync(folder));
const recorded = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => /\.(Authorize|Modify|Revoke|Create)SecurityGroup/.test(file))
    .map((file): [string, CloudTrailRecord] => [`${folder}/${file}`, JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))]),
);

describe.runIf(recorded.length > 0)('every recorded call', () => {
  test.each(recorded)('%s', (_file, record) => {
    const event = { source: 'aws.ec2', 'detail-type': 'AWS API Call via CloudTrail', detail: record };
    const text = JSON.stringify(record);
    const isOpen = /"(cidrIpv4|CidrIpv4)":"[^"]*\/[0-7]"/.test(text);
    const lacksRules = record.eventName.startsWith('Authorize') && !text.includes('securityGroupRuleSet');
    const isCreation = record.eventName === 'CreateSecurityGroup';
    expect(invokes(admin, event)).toBe(record.errorCode == null && !isCreation && (isOpen || lacksRules));
    if (record.errorCode != null) return;
    const groups = [...text.matchAll(/"(?:groupId|GroupId)":"([^"]+)"/g)].map(([, id]) => id);
    const found = admin.targets(record, place);
    expect(found.map(({ id }) => id)).toEqual([...new Set(groups)]);
    const rules = [...text.matchAll(/"(?:securityGroupRuleId|SecurityGroupRuleId)":"([^"]+)"/g)].map(([, id]) => id);
    expect(found.flatMap(({ hint }) => Object.keys(Object(Object(hint).rules)))).toEqual(rules);
  });
});
