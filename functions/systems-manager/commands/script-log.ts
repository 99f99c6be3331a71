import { GetServiceSettingCommand } from '@aws-sdk/client-ssm';
import { ifThere } from '#shared/aws/loaders.ts';
import type { Permission, Reader } from '#shared/control/types.ts';
import { SCRIPT_LOG, SCRIPT_LOG_GROUP } from './ids.ts';
import type { Outputs } from './runs.ts';

/** Where the scripts of runbooks write if nobody names a group. https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-logging.html */
const SCRIPT_GROUP = '/aws/ssm/automation/executeScript';

/** What a look at these settings takes. */
export const scriptLogReads: readonly Permission[] = [SCRIPT_LOG, SCRIPT_LOG_GROUP].map((id) => ({
  action: 'ssm:GetServiceSetting',
  resource: `arn:{partition}:ssm:{region}:{account}:servicesetting${id}`,
}));

/** Where the scripts of runbooks write. */
export async function scriptLog(read: Reader): Promise<Outputs> {
  const settingOf = async (SettingId: string) => {
    const { ServiceSetting } = (await ifThere(read(new GetServiceSettingCommand({ SettingId })))) ?? {};
    return ServiceSetting?.SettingValue;
  };
  const [to, group] = await Promise.all([settingOf(SCRIPT_LOG), settingOf(SCRIPT_LOG_GROUP)]);
  // [U] what AWS answers where nobody has set it
  const isOn = to?.toLowerCase() === 'cloudwatch';
  return { buckets: [], groups: isOn ? [group || SCRIPT_GROUP] : [] };
}
