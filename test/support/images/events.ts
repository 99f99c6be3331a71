import { randomUUID } from 'node:crypto';
import { callEvent } from '../../fixtures/events.ts';

type Fields = { readonly [key: string]: unknown };

/** ModifyImageAttribute in EC2's flat style, as recorded. */
export function sharedWith(imageId: string, change: Fields, fields: Fields = {}) {
  return callEvent('ModifyImageAttribute', {
    requestParameters: { attributeType: 'launchPermission', imageId, launchPermission: change },
    responseElements: { requestId: randomUUID(), _return: true },
    ...fields,
  });
}

/** The call that makes an image public. */
export function published(imageId: string, fields: Fields = {}) {
  return sharedWith(imageId, { add: { items: [{ group: 'all' }] } }, fields);
}

/** A call that makes an image, whose answer names it and says nothing of its devices. */
export function madeImage(imageId: string, eventName: 'CreateImage' | 'RegisterImage' | 'CopyImage' = 'CreateImage', fields: Fields = {}) {
  const requests = {
    CreateImage: {
      instanceId: 'i-1',
      name: 'web',
      noReboot: false,
      blockDeviceMapping: { items: [{ deviceName: '/dev/xvda', ebs: { deleteOnTermination: true, volumeSize: 8 } }] },
    },
    RegisterImage: {
      name: 'web',
      architecture: 'x86_64',
      rootDeviceName: '/dev/xvda',
      blockDeviceMapping: { items: [{ deviceName: '/dev/xvda', ebs: { snapshotId: 'snap-1', volumeSize: 8 } }] },
    },
    CopyImage: { name: 'web', sourceImageId: 'ami-source', sourceRegion: 'us-east-1' },
  };
  return callEvent(eventName, {
    requestParameters: requests[eventName],
    responseElements: { requestId: randomUUID(), imageId },
    ...fields,
  });
}

/** The identity of a call that a service makes under its own role. */
export function ofService(service: string) {
  return { userIdentity: { type: 'AWSService', invokedBy: service }, sourceIPAddress: service, userAgent: service };
}
