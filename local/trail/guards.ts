import { parseXml } from '../emulator/ec2-xml.ts';
import { at, isObject, type Json } from '../json.ts';
import type { Exchange } from './resources.ts';
import { lowerFirst } from './styles.ts';

/** A call about a detector of GuardDuty names it in its path. */
const ofDetector = {
  request: ({ json, request }: Exchange['call']): Json => {
    const [, detectorId] = /\/detector\/([^/?]+)/.exec(request.path) ?? [];
    return { ...(detectorId === undefined ? {} : { detectorId }), ...Object(lowerFirst(json)) };
  },
};

/** A call about the account's own block of S3; its flags are XML, which the record has as booleans. */
const ofBlock = {
  request: ({ account, request }: Exchange['call']): Json => {
    const block = at(parseXml(request.body.toString('utf8')), 'PublicAccessBlockConfiguration');
    const flags = Object.entries(isObject(block) ? block : {}).map(([name, value]) => [
      name,
      value === 'true' ? true : value === 'false' ? false : value,
    ]);
    return {
      accountId: account,
      host: String(request.headers.host ?? ''),
      ...(flags.length > 0 ? { PublicAccessBlockConfiguration: Object.fromEntries(flags) } : {}),
    };
  },
};

/** Shapes of the records of detectors and of the account's block. */
export const guardShapes = {
  'guardduty:UpdateDetector': ofDetector,
  'guardduty:DeleteDetector': ofDetector,
  's3:PutAccountPublicAccessBlock': ofBlock,
  's3:DeleteAccountPublicAccessBlock': ofBlock,
};
