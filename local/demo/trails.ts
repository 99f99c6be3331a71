import { CloudTrailClient, type CloudTrailClientConfig, GetTrailStatusCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import type { LocalCloud } from '../cloud.ts';
import { stringAt } from '../json.ts';
import type { Step } from './step.ts';

const CONTROL = 'trail-logging';
const Name = 'management-events';

/** The scene of the blind account: the only trail is stopped, and logs again. */
export function trailStep(cloud: LocalCloud, client: CloudTrailClientConfig): Step {
  const trails = new CloudTrailClient(client);
  const isFixed = () =>
    cloud
      .findings()
      .some(
        (one) =>
          stringAt(one, 'control') === CONTROL &&
          stringAt(one, 'resource', 'id') === Name &&
          stringAt(one, 'status') === 'fixed' &&
          stringAt(one, 'severity') === 'critical',
      );
  const isLogging = async () => (await trails.send(new GetTrailStatusCommand({ Name }))).IsLogging === true;

  return {
    title: 'Somebody stops the trail',
    async act() {
      await trails.send(new StopLoggingCommand({ Name }));
      return [{ who: 'dana', call: 'cloudtrail:StopLogging', made: `${Name}, the only trail: nobody would see what dana does next` }];
    },
    expectations: () => [{ says: 'it logs again, and the alert is critical', holds: async () => isFixed() && (await isLogging()) }],
  };
}
