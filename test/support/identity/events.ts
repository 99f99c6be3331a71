import { callEvent, dana } from '../../fixtures/events.ts';
import { place } from '../harness.ts';

/** Root, as records name it. */
export const root = {
  type: 'Root',
  principalId: place.account,
  arn: `arn:aws:iam::${place.account}:root`,
  accountId: place.account,
};

/** Root in a session of the console, as its calls show it. */
export const rootInConsole = {
  userIdentity: {
    ...root,
    accessKeyId: 'ASIAEXAMPLEROOT',
    sessionContext: { attributes: { creationDate: '2026-11-21T08:58:00Z', mfaAuthenticated: 'false' } },
  },
  sessionCredentialFromConsole: 'true',
};

/** A call of IAM, recorded in us-east-1. */
export function iamCall(eventName: string, requestParameters: object | null, fields: object = {}) {
  const event = callEvent(eventName, { requestParameters, awsRegion: 'us-east-1', ...fields }, 'iam.amazonaws.com');
  return { ...event, region: 'us-east-1' };
}

/** The last device of a user is removed. */
export function deactivated(userName: string, fields: object = {}) {
  return iamCall('DeactivateMFADevice', { userName, serialNumber: `arn:aws:iam::${place.account}:mfa/${userName}` }, fields);
}

/** An IAM user in a session of the console. */
export function inConsole(mfaAuthenticated: string, more: object = {}) {
  return { ...dana, accessKeyId: 'ASIAEXAMPLEDANA', sessionContext: { attributes: { mfaAuthenticated } }, ...more };
}
