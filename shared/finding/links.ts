import type { Finding } from './finding.ts';

/** A link of a finding; the address is ours, with what comes from records encoded in it. */
export interface Link {
  readonly text: string;
  readonly url: string;
}

/** No page is worth a longer address: a field of Slack takes 2,000 characters, and a name may have 1,011. */
const LONGEST_URL = 1000;

/** The text of the link to the resource itself. */
export const RESOURCE = 'Resource';

/** Where the console shows a resource of each type, after its host. */
const pages: { readonly [type: string]: (id: string, region: string) => string } = {
  // what controls judge of an account are its settings of EC2
  'AWS::::Account': (_id, region) => ec2(region, 'Settings:tab=dataProtectionAndSecurity'),
  'AWS::EC2::Volume': (id, region) => ec2(region, `VolumeDetails:volumeId=${id}`),
  'AWS::EC2::Instance': (id, region) => ec2(region, `InstanceDetails:instanceId=${id}`),
  'AWS::EC2::LaunchTemplate': (id, region) => ec2(region, `LaunchTemplateDetails:launchTemplateId=${id}`),
  'AWS::AutoScaling::AutoScalingGroup': (id, region) => ec2(region, `AutoScalingGroupDetails:id=${id}`),
  // the list with only this one: launch configurations have no page of their own
  'AWS::AutoScaling::LaunchConfiguration': (id, region) => ec2(region, `LaunchConfigurations:launchConfigurationName=${id}`),
  'AWS::SSM::Parameter': (id, region) => `/systems-manager/parameters/?region=${region}&tab=Table#list_parameter_filters=Name:Equals:${id}`,
};

/** The resource in the console; undefined for a type whose page is not known. */
export function resourceLink({ resource: { type, id }, region }: Finding): Link | undefined {
  const page = pages[type];
  if (!page) return undefined;
  const url = `${consoleOf(region)}${page(encodeURIComponent(id.toWellFormed()), region)}`;
  return url.length > LONGEST_URL ? undefined : { text: RESOURCE, url };
}

/** The call in CloudTrail's event history; undefined where no call was recorded, as for a sweep. */
export function eventLink({ event, region }: Finding): Link | undefined {
  if (event.is !== 'call') return undefined;
  const id = encodeURIComponent(event.id.toWellFormed());
  return { text: 'CloudTrail event', url: `${consoleOf(region)}/cloudtrailv2/home?region=${region}#/events/${id}` };
}

/** The control's page, if the config says where the pages are. */
export function controlLink({ control }: Finding, docs: string | undefined): Link | undefined {
  return docs ? { text: `About ${control}`, url: `${docs.replace(/\/+$/, '')}/controls/${encodeURIComponent(control)}.md` } : undefined;
}

function ec2(region: string, page: string): string {
  return `/ec2/home?region=${region}#${page}`;
}

function consoleOf(region: string): string {
  if (region.startsWith('cn-')) return 'https://console.amazonaws.cn';
  return region.startsWith('us-gov-') ? 'https://console.amazonaws-us-gov.com' : `https://${region}.console.aws.amazon.com`;
}
