import { GetServiceSettingCommand, ResetServiceSettingCommand, UpdateServiceSettingCommand } from '@aws-sdk/client-ssm';
import { ifThere } from '#shared/aws/loaders.ts';
import { accountSetting } from '#shared/control/setting.ts';

/** Whether documents may be public: `Enable` or `Disable`, null where the Region has no such setting; `isDefault` where nobody set it. */
export type DocumentSharing = { readonly value: string | null; readonly isDefault: boolean };

/** The setting by its short name, which AWS takes as well as its ARN: https://github.com/hashicorp/terraform-provider-aws/pull/43562 */
export const SETTING = '/ssm/documents/console/public-sharing-permission';

/** That setting alone, for permissions: others of Systems Manager give nodes a role, say. */
export const settingArn = `arn:{partition}:ssm:{region}:{account}:servicesetting${SETTING}`;

/** Block public sharing for documents of Systems Manager. */
export const documentSharing = accountSetting<DocumentSharing>({
  noun: 'document-sharing',
  plural: 'Block public sharing for SSM documents',
  eventSource: 'ssm.amazonaws.com',
  console: '/systems-manager/documents?region={region}',
  changed: ['ResetServiceSetting', 'UpdateServiceSetting'],
  // [U] a record has the id as the call had it: short, or an ARN
  where: { requestParameters: { settingId: [{ suffix: 'public-sharing-permission' }] } },
  reads: [{ action: 'ssm:GetServiceSetting', resource: settingArn }],
  async read(read) {
    const answer = await ifThere(read(new GetServiceSettingCommand({ SettingId: SETTING })));
    if (answer === undefined) return { state: { value: null, isDefault: false } };
    const { SettingValue: value = 'Enable', Status } = answer.ServiceSetting ?? {};
    return { state: { value, isDefault: Status === 'Default' } };
  },
  restore(before, now) {
    if (before.value === null || before.value === now.value) return [];
    const says = 'Allow public sharing of SSM documents again';
    if (before.isDefault)
      return [{ command: new ResetServiceSettingCommand({ SettingId: SETTING }), says: `${says}, as AWS has it where nobody sets it.` }];
    return [{ command: new UpdateServiceSettingCommand({ SettingId: SETTING, SettingValue: before.value }), says: `${says}.` }];
  },
});
