import { compact, listAt, stringAt } from '../../json.ts';
import { withQuery } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { Additions } from './addition.ts';

/** The members of a request that keep their value where they are left out, and as the answers name them. */
const kept = {
  HttpTokens: 'httpTokens',
  HttpPutResponseHopLimit: 'httpPutResponseHopLimit',
  HttpEndpoint: 'httpEndpoint',
  HttpProtocolIpv6: 'httpProtocolIpv6',
  InstanceMetadataTags: 'instanceMetadataTags',
} as const;

/** Changes of instances: moto forgets each option of the metadata service that is left out, and wants user data encoded twice. */
export const instances: Additions = {
  async 'ec2:ModifyInstanceAttribute'(call, { forward }) {
    const userData = call.query.get('UserData.Value');
    return await forward(userData ? withQuery(call, { 'UserData.Value': Buffer.from(userData).toString('base64') }) : call);
  },
  async 'ec2:ModifyInstanceMetadataOptions'(call, { forward, moto, requestId }) {
    const InstanceId = call.query.get('InstanceId') ?? '';
    const found = await moto.readEc2('DescribeInstances', { 'InstanceId.1': InstanceId }, call.region);
    const [instance] = listAt(found, 'reservationSet', 'item').flatMap((one) => listAt(one, 'instancesSet', 'item'));
    const now = Object.entries(kept).map(([member, name]) => [
      member,
      call.query.get(member) ?? stringAt(instance, 'metadataOptions', name),
    ]);
    const options = compact(Object.fromEntries(now));
    // recorded by flatironhealth/aws-remediation-framework
    if (call.query.has('HttpTokens') && stringAt(options, 'HttpEndpoint') === 'disabled') {
      const message =
        "The HttpEndpoint is not set to 'enabled' in this request. To specify a value for HttpTokens, set HttpEndpoint to 'enabled'.";
      return errorAnswer(call, { code: 'InvalidParameterValue', message }, requestId);
    }
    return await forward(withQuery(call, Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)]))));
  },
};
