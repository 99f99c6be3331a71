import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateVolumeCommand, EC2Client } from '@aws-sdk/client-ec2';
import { type LocalCloud, startLocalCloud } from '../local/cloud.ts';

/** How often functions ran for creations of one sort. */
export interface CreationResult {
  readonly title: string;
  readonly calls: number;
  readonly invocations: number;
}

/** How often the queues are looked at, in milliseconds. */
const LOOK_MS = 200;

const zone = { AvailabilityZone: 'us-east-1a', Size: 1 };
const creations = [
  { title: 'encrypted CreateVolume', input: { ...zone, Encrypted: true }, isRefused: false },
  { title: 'dry run of CreateVolume', input: { ...zone, DryRun: true }, isRefused: true },
  { title: 'failed CreateVolume', input: { AvailabilityZone: 'us-east-1a', SnapshotId: 'snap-0123456789abcdef0' }, isRefused: true },
  // shows that what is counted would be seen
  { title: 'unencrypted CreateVolume', input: zone, isRefused: false },
];

/** Makes volumes in the local cloud as a user would, and counts what was invoked. */
export async function measureCreations(calls: number, onProgress: (text: string) => void): Promise<readonly CreationResult[]> {
  // an owner's tag is what each creation is meant to start: what is counted here are the others
  const cloud = await startLocalCloud({ onProgress, configFile: join(import.meta.dirname, 'creations.config.json') });
  const client = new EC2Client({
    endpoint: cloud.endpoint,
    region: cloud.region,
    credentials: { accessKeyId: cloud.env['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: cloud.env['AWS_SECRET_ACCESS_KEY'] ?? '' },
  });
  const results: CreationResult[] = [];
  try {
    for (const { title, input, isRefused } of creations) {
      onProgress(title);
      const before = invoked(cloud);
      for (let n = 0; n < calls; n += 1) {
        const wasRefused = await client.send(new CreateVolumeCommand(input)).then(
          () => false,
          () => true,
        );
        if (wasRefused !== isRefused) throw new Error(`${title}: the local cloud answered otherwise than AWS would`);
      }
      // what a call starts is on a queue before the call is answered
      while ((await cloud.queued()).now > 0) await sleep(LOOK_MS);
      results.push({ title, calls, invocations: invoked(cloud) - before });
    }
  } finally {
    client.destroy();
    await cloud.stop();
  }
  return results;
}

function invoked(cloud: LocalCloud): number {
  return Object.values(cloud.invocations()).reduce((sum, count) => sum + count, 0);
}
