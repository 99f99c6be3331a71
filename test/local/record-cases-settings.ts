import { ec2Call } from './calls.ts';
import { type Case, xml } from './record-case.ts';

const xmlns = 'http://ec2.amazonaws.com/doc/2016-11-15/';

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
};
