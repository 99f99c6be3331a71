import { type Json, listAt, stringAt } from '../../json.ts';
import { nest } from '../../trail/styles.ts';
import { withQuery } from '../aws-call.ts';
import { ec2Answer, parseAnswer } from '../ec2-xml.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Additions } from './addition.ts';
import { isOn, withBaselines } from './volumes.ts';

// How AWS names the default key as long as nobody chose another.
const awsManagedKey = 'alias/aws/ebs';

/** EBS encryption by default: moto keeps the switch but obeys it nowhere, and does not return the default key. */
export function defaultEncryption(): Additions {
  const chosenKeys = new Map<string, string>();
  return {
    async 'ec2:GetEbsDefaultKmsKeyId'(call, { requestId }) {
      return ec2Answer(call.action, { kmsKeyId: chosenKeys.get(call.region) ?? awsManagedKey }, requestId);
    },
    async 'ec2:ModifyEbsDefaultKmsKeyId'(call, { forward }) {
      const answer = await forward(call);
      const key = answer.status < 400 ? stringAt(parseAnswer(answer.body), 'kmsKeyId') : undefined;
      if (key !== undefined) chosenKeys.set(call.region, key);
      return answer;
    },
    async 'ec2:ResetEbsDefaultKmsKeyId'(call, { moto, requestId }) {
      await moto.ec2('ModifyEbsDefaultKmsKeyId', { KmsKeyId: awsManagedKey }, call.region);
      chosenKeys.delete(call.region);
      return ec2Answer(call.action, { kmsKeyId: awsManagedKey }, requestId);
    },
    async 'ec2:CreateVolume'(call, { forward, moto }) {
      return withBaselines(await forward((await isOn(moto, call.region)) ? withQuery(call, { Encrypted: 'true' }) : call));
    },
    async 'ec2:RunInstances'(call, { forward, moto }) {
      if (!(await isOn(moto, call.region))) return forward(call);
      const mappings = listAt(nest(call.query), 'BlockDeviceMapping');
      const fromTemplate = mappings.length > 0 ? {} : await templateMappings(moto, call.query, call.region);
      const named = mappings.length > 0 || Object.keys(fromTemplate).length > 0;
      const mapped = withQuery(call, named ? fromTemplate : rootVolume);
      const devices = [...mapped.query.keys()]
        .filter((name) => /^BlockDeviceMapping\.\d+\.Ebs\./.test(name))
        .map((name) => name.split('.').slice(0, 3).join('.'));
      return forward(withQuery(mapped, Object.fromEntries(devices.map((device) => [`${device}.Encrypted`, 'true']))));
    },
  };
}

// What moto gives an instance that names no volumes.
const rootVolume = {
  'BlockDeviceMapping.1.DeviceName': '/dev/sda1',
  'BlockDeviceMapping.1.Ebs.VolumeSize': '8',
  'BlockDeviceMapping.1.Ebs.DeleteOnTermination': 'true',
};

async function templateMappings(moto: MotoClient, query: ReadonlyMap<string, string>, region: string): Promise<{ [name: string]: string }> {
  const [id, name] = [query.get('LaunchTemplate.LaunchTemplateId'), query.get('LaunchTemplate.LaunchTemplateName')];
  if (id === undefined && name === undefined) return {};
  const which = { 'LaunchTemplateVersion.1': query.get('LaunchTemplate.Version') ?? '$Default' };
  const versions = await moto.readEc2(
    'DescribeLaunchTemplateVersions',
    { ...which, ...(id !== undefined ? { LaunchTemplateId: id } : { LaunchTemplateName: name ?? '' }) },
    region,
  );
  const parameters: { [name: string]: string } = {};
  const version: Json | undefined = listAt(versions, 'launchTemplateVersionSet', 'item')[0];
  listAt(version, 'launchTemplateData', 'blockDeviceMappingSet', 'item').forEach((mapping, index) => {
    const device = `BlockDeviceMapping.${index + 1}`;
    const put = (as: string, value: string | undefined): void => {
      if (value !== undefined) parameters[`${device}.${as}`] = value;
    };
    put('DeviceName', stringAt(mapping, 'deviceName'));
    for (const member of ['volumeSize', 'volumeType', 'snapshotId', 'deleteOnTermination', 'iops', 'kmsKeyId']) {
      put(`Ebs.${member.charAt(0).toUpperCase()}${member.slice(1)}`, stringAt(mapping, 'ebs', member));
    }
  });
  return parameters;
}
