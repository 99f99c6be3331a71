import type { Distribution, DistributionConfiguration } from '@aws-sdk/client-imagebuilder';
import { withoutEmpty } from '#shared/aws/whole.ts';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { trustedAccounts } from '#shared/control/trusted.ts';
import { obstaclesIn, replacing } from '../replace.ts';
import { distributions, updating } from './kind.ts';
import { exportRoles, updatesAmountTo, updateWrites } from './writes.ts';

interface Facts {
  readonly config: DistributionConfiguration;
  /** Where AMIs are shared with everybody, with the groups that are named there. */
  readonly open: Before;
  /** Accounts that AMIs are shared with and that the settings do not name. */
  readonly strangers: readonly string[];
}

type Before = readonly { readonly region: string; readonly userGroups: readonly string[] }[];

const EVERYBODY = 'all';
const permission = '`launchPermission` of `amiDistributionConfiguration`';

export default defineControl(distributions, {
  id: 'distribution-private',
  title: 'Image Builder distributes private AMIs only',
  why: 'Each build of such a pipeline publishes an AMI: every AWS account can launch it, and read everything that is on its disks.',
  remediation: 'Removes `all` from the user groups of each Region. Accounts and organizations that are named keep their access.',
  severity: 'critical',
  defaultMode: 'approve',
  amountsTo: updatesAmountTo,
  // [U] no record of them is public, so the live configuration decides
  triggers: [...distributions.created, distributions.calls('UpdateDistributionConfiguration')],
  sweep: { every: '1 day', atDeployment: true },
  permissions: {
    writes: updateWrites,
  },
  settings: { exportRoles },
  common: { trustedAccounts },
  references: [
    'https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_LaunchPermissionConfiguration.html',
    'https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_UpdateDistributionConfiguration.html',
    'https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-distribution-settings.html',
  ],
  iac: {
    cloudFormation:
      'remove `all` from `UserGroups` of `LaunchPermissionConfiguration` under `AmiDistributionConfiguration` of the AWS::ImageBuilder::DistributionConfiguration.',
    terraform:
      'remove `all` from `user_groups` of `launch_permission` in `ami_distribution_configuration` of the aws_imagebuilder_distribution_configuration.',
    cdk: 'remove `all` from `userGroups` of `launchPermissionConfiguration` in the imagebuilder.CfnDistributionConfiguration.',
  },
  prevention: {
    declarative: { image_block_public_access: { state: { '@@assign': 'block_new_sharing' } } },
    breaks:
      'No policy looks at the configuration itself. Where new public sharing of AMIs is blocked, a pipeline that would publish one fails when it distributes.',
    references: ['https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html'],
  },
  // one that publishes has to be looked at, whoever manages it
  reportsManaged: true,

  inspectOne(config, _read, { account, settings }): Facts {
    const all = config.distributions ?? [];
    const open = all.filter(isOpen).map((one) => ({ region: regionOf(one), userGroups: groupsOf(one) }));
    const named = all.flatMap(({ amiDistributionConfiguration: ami }) => ami?.launchPermission?.userIds ?? []);
    const known = [account, ...settings.trustedAccounts];
    const strangers = settings.trustedAccounts.length === 0 ? [] : named.filter((one) => !known.includes(one));
    return { config, open, strangers: [...new Set(strangers)].sort() };
  },

  judge({ config, open, strangers }): Verdict {
    const known = strangers.length > 0 ? ` It shares AMIs with ${strangers.join(' and ')}, which the settings do not name.` : '';
    const advice = strangers.length > 0 ? ['If the account is meant to have the AMIs, add it to `trustedAccounts`; else remove it.'] : [];
    if (open.length > 0)
      return {
        is: 'violation',
        says: `Every AWS account can launch the AMIs that it distributes to ${regionsOf(open)}.${known}`,
        advice: [
          ...obstaclesIn(config, updating),
          'What was built before stays public: look at its AMIs in each Region. `image-private` reports those of the Regions that Redress watches.',
          ...advice,
        ],
      };
    if (known === '') return { is: 'compliant', says: 'It shares AMIs with nobody that the settings do not know of.' };
    return { is: 'violation', severity: 'high', says: known.trim(), advice };
  },

  plan({ config, open, strangers }, { id }): Plan {
    const rest = strangers.length > 0 && { leavesRest: true };
    if (open.length === 0 || obstaclesIn(config, updating).length > 0) return { changes: [], ...rest };
    const says = `Remove \`${EVERYBODY}\` from ${permission} for ${regionsOf(open)}, and leave all else as it is.`;
    const changed = (config.distributions ?? []).map((one) =>
      isOpen(one)
        ? withGroups(
            one,
            groupsOf(one).filter((name) => name !== EVERYBODY),
          )
        : one,
    );
    return { changes: [replacing(id, config, { distributions: changed }, updating, says)], ...rest };
  },

  before: ({ open }): Before => open,

  undo(before, { config }, { id }): Plan {
    const groupsBefore = new Map(before.map(({ region, userGroups }) => [region, userGroups]));
    const isBack = (one: Distribution) => groupsBefore.has(regionOf(one)) && one.amiDistributionConfiguration !== undefined && !isOpen(one);
    const all = config.distributions ?? [];
    if (!all.some(isBack) || obstaclesIn(config, updating).length > 0) return { changes: [] };
    const changed = all.map((one) => (isBack(one) ? withGroups(one, groupsBefore.get(regionOf(one)) ?? []) : one));
    const says = `Share the AMIs of ${regionsOf(all.filter(isBack))} with \`${EVERYBODY}\` again, and leave all else as it is.`;
    return { changes: [replacing(id, config, { distributions: changed }, updating, says)] };
  },
});

function isOpen(one: Distribution): boolean {
  return groupsOf(one).includes(EVERYBODY);
}

function groupsOf({ amiDistributionConfiguration: ami }: Distribution): readonly string[] {
  return ami?.launchPermission?.userGroups ?? [];
}

/** A Region's settings with other groups; a permission that names nobody is left out. */
function withGroups(one: Distribution, userGroups: readonly string[]): Distribution {
  const { launchPermission, ...ami } = one.amiDistributionConfiguration ?? {};
  const left = withoutEmpty({ ...launchPermission, userGroups: [...userGroups] });
  return { ...one, amiDistributionConfiguration: { ...ami, ...withoutEmpty({ launchPermission: left }) } };
}

function regionsOf(all: readonly { readonly region?: string | undefined }[]): string {
  return [...new Set(all.map(regionOf))].join(' and ');
}

function regionOf({ region = 'a Region without a name' }: { readonly region?: string | undefined }): string {
  return region;
}
