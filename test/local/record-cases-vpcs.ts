import { ec2Namespace } from '../../local/emulator/ec2-xml.ts';
import { ec2Call } from './calls.ts';
import { type Case, xml } from './record-case.ts';

const control = { vpcId: 'vpc-1', vpcEncryptionControlId: 'vpcec-1', mode: 'monitor', state: 'creating' };
const content = `<vpcEncryptionControl>${Object.entries(control)
  .map(([name, value]) => `<${name}>${value}</${name}>`)
  .join('')}</vpcEncryptionControl>`;

/** Encryption controls of VPCs: in EC2's wrapped style, as calls of their age are written. */
export const vpcCases: { readonly [name: string]: Case } = {
  CreateVpcEncryptionControl: {
    call: ec2Call('CreateVpcEncryptionControl', { VpcId: 'vpc-1' }),
    answer: xml('CreateVpcEncryptionControl', content),
    request: { CreateVpcEncryptionControlRequest: { VpcId: 'vpc-1' } },
    response: { CreateVpcEncryptionControlResponse: { vpcEncryptionControl: control, xmlns: ec2Namespace, requestId: 'r-1' } },
  },
};
