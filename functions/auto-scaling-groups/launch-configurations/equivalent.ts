import { createHash } from 'node:crypto';
import type { LaunchConfiguration } from '@aws-sdk/client-auto-scaling';
import type { LaunchTemplateBlockDeviceMapping, ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import { Secret } from '#shared/control/secret.ts';
import type { TemplateVersion } from '#shared/launch/template.ts';

/** A launch configuration as the version of a launch template, and what of it a template cannot say. */
export interface Equivalent {
  readonly version: TemplateVersion;
  readonly unmappable: readonly string[];
}

/**
 * Says a launch configuration as a launch template, field by field.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/migrate-to-launch-templates.html
 */
export function equivalentOf(configuration: LaunchConfiguration): Equivalent {
  // AWS answers empty text and empty lists for what was not set
  const { CreatedTime: _, LaunchConfigurationARN: __, LaunchConfigurationName: ___, ...set } = withoutEmpty(configuration);
  const {
    ImageId,
    KeyName,
    SecurityGroups = [],
    UserData,
    InstanceType,
    KernelId,
    RamdiskId,
    BlockDeviceMappings,
    InstanceMonitoring,
    SpotPrice,
    IamInstanceProfile: profile,
    EbsOptimized,
    AssociatePublicIpAddress: isPublic,
    PlacementTenancy,
    MetadataOptions,
    ...others
  } = set;
  const isNetworked = isPublic !== undefined;
  const names = SecurityGroups.filter((one) => !one.startsWith('sg-'));
  const data = withoutEmpty<ResponseLaunchTemplateData>({
    ImageId,
    // the two SDK clients type the same names differently
    InstanceType: InstanceType as ResponseLaunchTemplateData['InstanceType'],
    KeyName,
    KernelId,
    RamDiskId: RamdiskId,
    // an address is asked for at the network interface, and then the groups stand there too
    SecurityGroupIds: isNetworked ? undefined : SecurityGroups,
    NetworkInterfaces: isNetworked ? [{ DeviceIndex: 0, AssociatePublicIpAddress: isPublic, Groups: SecurityGroups }] : undefined,
    BlockDeviceMappings: BlockDeviceMappings?.map(({ NoDevice, ...mapping }) => ({
      ...(mapping as LaunchTemplateBlockDeviceMapping),
      ...(NoDevice && { NoDevice: '' }),
    })),
    // detailed monitoring is on in a launch configuration that says nothing, and off in such a template
    Monitoring: { Enabled: InstanceMonitoring?.Enabled ?? true },
    InstanceMarketOptions: SpotPrice ? { MarketType: 'spot', SpotOptions: { MaxPrice: SpotPrice } } : undefined,
    IamInstanceProfile: profile ? (profile.startsWith('arn:') ? { Arn: profile } : { Name: profile }) : undefined,
    EbsOptimized: EbsOptimized || undefined,
    Placement: PlacementTenancy ? { Tenancy: PlacementTenancy as 'default' | 'dedicated' | 'host' } : undefined,
    MetadataOptions,
  });
  const unmappable = [...Object.keys(others), ...(names.length > 0 ? [`SecurityGroups by name (${names.join(', ')})`] : [])];
  const userData = UserData === undefined ? undefined : new Secret(UserData, `user data of ${configuration.LaunchConfigurationName}`);
  return { version: { number: 0, isDefault: false, description: undefined, data, userData, imageId: ImageId }, unmappable };
}

/** The name of the template that takes a launch configuration's place: the same for the same one, within what a name may hold. */
export function templateNameOf(configuration: string): string {
  const digest = createHash('sha256').update(configuration).digest('hex').slice(0, 8);
  return `redress-${configuration.replace(/[^\w()./-]/g, '-').slice(0, 100)}-${digest}`;
}

/** Only members that may be absent are ever empty, so the type stays. */
function withoutEmpty<Value extends object>(value: Value): Value {
  const isEmpty = (one: unknown) => one === undefined || one === null || one === '' || (Array.isArray(one) && one.length === 0);
  return Object.fromEntries(Object.entries(value).filter(([, one]) => !isEmpty(one))) as Value;
}
