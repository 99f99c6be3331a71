import { jsonAnswer } from '../../local/http.ts';
import { ec2Call, jsonCall } from './calls.ts';
import { type Case, xml } from './record-case.ts';

const xmlns = 'http://ec2.amazonaws.com/doc/2016-11-15/';

const SettingId = '/ssm/documents/console/public-sharing-permission';

/** Settings of the account, in EC2's wrapped style: an empty request is empty text. */
export const settingCases: { readonly [name: string]: Case } = {
  'EnableSerialConsoleAccess, which takes nothing': {
    call: ec2Call('EnableSerialConsoleAccess'),
    answer: xml('EnableSerialConsoleAccess', '<serialConsoleAccessEnabled>true</serialConsoleAccessEnabled>'),
    request: { EnableSerialConsoleAccessRequest: '' },
    response: { EnableSerialConsoleAccessResponse: { xmlns, requestId: 'r-1', serialConsoleAccessEnabled: true } },
  },
  'EnableImageBlockPublicAccess with a state': {
    call: ec2Call('EnableImageBlockPublicAccess', { ImageBlockPublicAccessState: 'block-new-sharing' }),
    answer: xml('EnableImageBlockPublicAccess', '<imageBlockPublicAccessState>block-new-sharing</imageBlockPublicAccessState>'),
    request: { EnableImageBlockPublicAccessRequest: { ImageBlockPublicAccessState: 'block-new-sharing' } },
    response: {
      EnableImageBlockPublicAccessResponse: { xmlns, requestId: 'r-1', imageBlockPublicAccessState: 'block-new-sharing' },
    },
  },
  'ModifyInstanceMetadataDefaults with a number': {
    call: ec2Call('ModifyInstanceMetadataDefaults', { HttpTokens: 'required', HttpPutResponseHopLimit: '2' }),
    answer: xml('ModifyInstanceMetadataDefaults', '<return>true</return>'),
    request: { ModifyInstanceMetadataDefaultsRequest: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 } },
    response: { ModifyInstanceMetadataDefaultsResponse: { xmlns, requestId: 'r-1', return: true } },
  },
  // [U] no record of these two is public: as all of Systems Manager's are written
  'UpdateServiceSetting, which answers nothing': {
    call: jsonCall('ssm', 'UpdateServiceSetting', { SettingId, SettingValue: 'Enable' }),
    answer: jsonAnswer({}),
    request: { settingId: SettingId, settingValue: 'Enable' },
    response: null,
  },
  'ResetServiceSetting, which answers the setting': {
    call: jsonCall('ssm', 'ResetServiceSetting', { SettingId }),
    answer: jsonAnswer({ ServiceSetting: { SettingId, SettingValue: 'Enable', Status: 'Default' } }),
    request: { settingId: SettingId },
    response: { serviceSetting: { settingId: SettingId, settingValue: 'Enable', status: 'Default' } },
  },
};
