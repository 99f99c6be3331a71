import * as v from 'valibot';
import { defineCall } from '#shared/control/call.ts';
import { at, stringAt } from '#shared/control/record.ts';
import type { Verdict } from '#shared/control/types.ts';
import { calls } from './kind.ts';

/** Versions as CloudTrail writes them; a newer one than those of today is none of these. */
const OLD = ['SSLv3', 'TLSv1', 'TLSv1.0', 'TLSv1.1'];

/** Hosts of FIPS endpoints, as EventBridge compares them: `kms-fips.us-east-1.amazonaws.com`, `s3-fips.dualstack.…`, `iam-fips.amazonaws.com`. */
const FIPS_HOSTS = ['*-fips.us-*', '*-fips.ca-*', '*-fips.dualstack.*', '*-fips.amazonaws.com'];

type Facts = {
  /** The version, where it is too old; else null. */
  readonly tls: string | null;
  /** The host that was called, where it is no FIPS endpoint and should be one; else null. */
  readonly host: string | null;
};

export default defineCall(calls, {
  id: 'call-transport',
  title: 'Calls use TLS 1.2 or later, and FIPS endpoints where asked for',
  why: 'Older versions of TLS can be read by others. Who is bound by FIPS 140 may use validated endpoints only.',
  severity: 'medium',
  triggers: [
    { eventSource: '*', eventNames: [], where: { tlsDetails: { tlsVersion: OLD } } },
    {
      eventSource: '*',
      eventNames: [],
      onlyIf: 'fips',
      // what the console calls, nobody can choose; the name of a bucket stands before its host, and must not hide it
      where: {
        tlsDetails: { clientProvidedHostHeader: [{ 'anything-but': { wildcard: FIPS_HOSTS } }] },
        sessionCredentialFromConsole: [{ exists: false }],
      },
    },
  ],
  settings: {
    fips: v.pipe(
      v.optional(v.boolean(), false),
      v.description(
        'Whether every call has to go to a FIPS endpoint. Every changing call that does not runs the function; only Regions of the USA and Canada have such endpoints.',
      ),
    ),
  },
  references: [
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html',
    'https://docs.aws.amazon.com/general/latest/gr/rande.html',
    'https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html',
  ],
  prevention: {
    none: 'AWS itself refuses TLS below 1.2 at all its endpoints. No condition key names the endpoint that was called: set `AWS_USE_FIPS_ENDPOINT` where your programs run.',
  },

  factsOf(record, settings): Facts | undefined {
    // calls that services make for somebody, and many of older records, have no such details
    const details = at(record, 'tlsDetails');
    const version = stringAt(details, 'tlsVersion');
    const called = stringAt(details, 'clientProvidedHostHeader');
    const tls = version !== undefined && OLD.includes(version) ? version : null;
    const isFromConsole = String(at(record, 'sessionCredentialFromConsole')) === 'true';
    const region = stringAt(record, 'awsRegion');
    const asksFips = settings?.fips === true && hasFips(region) && !isFromConsole;
    const host = asksFips && called !== undefined && !isFips(called, region) ? called : null;
    return tls === null && host === null ? undefined : { tls, host };
  },

  judge({ tls, host }): Verdict {
    const old = tls === null ? [] : [`A call used ${tls}, and 1.2 is the oldest version of TLS that is safe.`];
    const other = host === null ? [] : [`A call went to ${host}, which is no FIPS endpoint.`];
    return {
      is: 'violation',
      says: [...old, ...other].join(' '),
      advice: [
        ...(tls === null ? [] : ['Update the SDK or the TLS library that the caller uses.']),
        ...(host === null ? [] : ['Set `AWS_USE_FIPS_ENDPOINT=true`, or `use_fips_endpoint` in the profile, where the caller runs.']),
      ],
    };
  },
});

/** Endpoints of GovCloud are validated whatever their names, and other partitions have none. */
function hasFips(region = ''): boolean {
  return /^(?:us|ca)-(?!gov-|iso)/.test(region);
}

/** Whether the service's own part of a host says so; what stands before it may be a bucket, whose name its owner chose. */
function isFips(host: string, region = ''): boolean {
  const [before = ''] = host.replace(/\.amazonaws\.com$/, '').split(`.${region}`);
  const [service = '', prefix] = before
    .replace(/\.dualstack$/, '')
    .split('.')
    .reverse();
  // `fips.transcribe`, `api-fips.sagemaker`
  return service.endsWith('-fips') || (/(?:^|-)fips$/.test(prefix ?? '') && !service.startsWith('s3'));
}
