import { describe, expect, test } from 'vitest';
import { adviceOf } from '#shared/control/iac.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import type { Finding } from '#shared/finding/finding.ts';
import type { View } from '#shared/finding/view.ts';
import { controlsOf, discoverFunctions } from '../../infra/catalog.ts';
import { aFinding, aVolumeFinding } from '../../test/support/alerts/findings.ts';
import { place } from '../../test/support/harness.ts';
import { alertView } from './view.ts';

const controls = controlsOf(await discoverFunctions());

describe('every control', () => {
  test.each(controls)('$id leads to the page of its resource, under a name of Security Hub', ({ id, kind }) => {
    const resource = { type: kind.type, id: 'x-1', arn: kind.arnOf('x-1', place) };
    const view = alertView(aFinding({ control: id, resource }));
    expect(view.page?.url).toMatch(/^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/[\w-]+\/\S+$/);
    expect(view.securityHub).toBe(kind.securityHub);
  });
});

describe('how code sets it right', () => {
  // no code makes a call, or holds a person's device
  const coded = controls.filter(({ id, kind }) => kind.is !== 'call' && !['mfa-kept', 'root-has-mfa'].includes(id));
  test.each(coded)('$id says it, short enough for every alert', ({ id, iac = {} }) => {
    expect(Object.keys(iac)).not.toEqual([]);
    for (const via of ['console', 'Terraform', 'CloudFormation']) {
      const shown = alertView(aFinding({ control: id, actor: { ...aFinding().actor, via } })).source;
      for (const { says } of shown) {
        // Slack shows 400 characters, with what it escapes
        expect(says.length).toBeLessThan(380);
        expect(says).toMatch(/^[^A-Z].*\.$/s);
        // an open backtick would make code of all that follows
        expect(says.split('`').length % 2).toBe(1);
        expect(says).not.toContain('{ownerTags');
      }
    }
  });

  const toolsIn = ({ source }: View) => source.map(({ tool }) => tool);
  const madeWith = (via: string, more: Partial<Finding> = {}) => {
    const finding = aVolumeFinding('open', more);
    return toolsIn(alertView({ ...finding, actor: { ...finding.actor, via } }));
  };

  test('is said for the tool that made the call, and for all of them after any other call', () => {
    expect(madeWith('Terraform')).toEqual(['Terraform']);
    expect(madeWith('CDK')).toEqual(['CloudFormation', 'CDK']);
    expect(madeWith('console')).toEqual(['CloudFormation', 'CDK', 'Terraform']);
    for (const tool of ['Pulumi', 'Crossplane', 'Karpenter', 'Cluster API']) expect(madeWith(tool)).toEqual([tool]);
    expect(madeWith('eks-nodegroup.amazonaws.com')).toEqual(['Amazon EKS']);
    expect(madeWith('autoscaling.amazonaws.com')).toEqual(['CloudFormation', 'CDK', 'Terraform']);
  });

  test('is not said by others, where a tool is known that has no way of its own', () => {
    for (const code of ['claimed', 'managed'] as const) expect(madeWith('console', { reason: { code, says: 'x' } })).toEqual([]);
    expect(madeWith('console', { reason: { code: 'needs-approval', says: 'x' } })).toHaveLength(3);
  });

  test('stands under the source once it is fixed, and among what a person can do before', () => {
    const line = { tool: 'Terraform', says: 'set it there.' } as const;
    const other = { says: 'Look at it.' };
    const shown = (status: 'open' | 'fixed') => alertView({ ...aVolumeFinding(status), advice: [line, other] });
    expect(shown('fixed')).toMatchObject({ advice: [other], source: [line] });
    expect(shown('open')).toMatchObject({ advice: [line, other], source: [] });
  });

  test('is not said twice, nor of what a person wanted so, nor of what is left to somebody who has no such way', () => {
    expect(madeWith('console', { advice: [{ tool: 'Terraform', says: 'set it there.' }] })).toEqual([]);
    for (const status of ['exempt', 'undone', 'skipped'] as const) expect(toolsIn(alertView(aVolumeFinding(status)))).toEqual([]);
  });

  test("names the owner's tags as the config does, in the finding's own account and Region", () => {
    const tags = (prefix: string) => ({ ownerTags: { prefix, owner: 'by' } });
    const regions = { 'eu-west-1': { common: tags('ours:') }, 'eu-west-2': { common: tags('theirs:') } };
    const config: RedressConfig = { common: tags('all:'), accounts: { '111122223333': { regions } } };
    const linesIn = (region: string) => JSON.stringify(alertView(aFinding({ control: 'volume-owner-tag', region }), config).source);
    expect(linesIn('eu-west-1')).toMatch(/Key: ours:by, .*add\('ours:by'.*key_prefixes = \[\\"ours:\\"\]/);
    expect(linesIn('us-east-1')).toMatch(/Key: all:by, /);
  });

  test('writes a tag as each kind of resource has it', () => {
    const lines = (control: string) => adviceOf(controls.find(({ id }) => id === control)?.iac ?? {}, 'cloudFormation', 'terraform');
    const says = (control: string) => lines(control).map((one) => one.says);
    expect(says('parameter-required-tags')).toEqual([
      'set `Tags: { "KEY": VALUE }` on the AWS::SSM::Parameter.',
      'set `tags = { "KEY" = "VALUE" }` on the aws_ssm_parameter.',
    ]);
    expect(says('auto-scaling-group-required-tags')[1]).toContain('`propagate_at_launch = true` in a `tag` block');
    expect(says('launch-template-required-tags')[0]).toContain('ResourceType: launch-template');
    expect(says('launch-template-sensitive-tags')[1]).toContain('`tag_specifications`');
    expect(says('auto-scaling-group-sensitive-tags')[1]).not.toContain('default_tags');
  });
});
