import { isObject, type JsonObject, listAt, stringAt } from '../../json.ts';
import { nest } from '../../trail/styles.ts';
import type { Additions } from './addition.ts';
import { asShown, autoScalingAnswer, hasConfiguration, invalid, resultOf } from './auto-scaling.ts';

// What AWS shows of a launch configuration that says nothing of it.
const unsaid = {
  KeyName: '',
  SecurityGroups: '',
  ClassicLinkVPCSecurityGroups: '',
  UserData: '',
  KernelId: '',
  RamdiskId: '',
  BlockDeviceMappings: '',
  InstanceMonitoring: { Enabled: 'true' },
  EbsOptimized: 'false',
};

/** Launch configurations that show what they were given: moto makes up, changes and loses members of them. */
export function launchConfigurations(): Additions {
  const given = new Map<string, JsonObject>();
  return {
    async 'autoscaling:CreateLaunchConfiguration'(call, { forward, moto, requestId }) {
      const name = call.query.get('LaunchConfigurationName') ?? '';
      if (await hasConfiguration(moto, name, call.region)) {
        const text = `Launch Configuration by this name already exists - A launch configuration already exists with the name ${name}`;
        return invalid(call, text, requestId, 'AlreadyExists');
      }
      const answer = await forward(call);
      // One that copies an instance is what moto makes of it.
      if (answer.status < 400 && !call.query.has('InstanceId'))
        given.set(`${call.region} ${name}`, asShown(nest(call.query)) as JsonObject);
      return answer;
    },
    async 'autoscaling:DescribeLaunchConfigurations'(call, { forward, requestId }) {
      const answer = await forward(call);
      if (answer.status >= 400) return answer;
      const { LaunchConfigurations, ...others } = resultOf(call, answer);
      const member = listAt(LaunchConfigurations, 'member').map((configuration) => {
        const object = isObject(configuration) ? configuration : {};
        const own = given.get(`${call.region} ${stringAt(object, 'LaunchConfigurationName')}`);
        if (own === undefined) return object;
        const { LaunchConfigurationARN = '', CreatedTime = '' } = object;
        return { ...unsaid, ...own, LaunchConfigurationARN, CreatedTime };
      });
      return autoScalingAnswer(call.action, { LaunchConfigurations: { member }, ...others }, requestId);
    },
    async 'autoscaling:DeleteLaunchConfiguration'(call, { forward }) {
      const answer = await forward(call);
      if (answer.status < 400) given.delete(`${call.region} ${call.query.get('LaunchConfigurationName')}`);
      return answer;
    },
  };
}
