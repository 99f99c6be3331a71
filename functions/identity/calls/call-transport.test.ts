import { sendWith } from '#shared/aws/clients.ts';
import { callEvent } from '../../../test/fixtures/events.ts';
import { testControl } from '../../../test/support/tester.ts';
import control from './call-transport.ts';

const world = () => ({ send: sendWith({}) });
const fips = { fips: true };
const call = (tlsVersion: string, host: string, awsRegion = 'us-east-1', fields: object = {}) =>
  callEvent('CreateVolume', {
    awsRegion,
    tlsDetails: { tlsVersion, cipherSuite: 'X', clientProvidedHostHeader: host },
    ...fields,
  });
const plain = 'ec2.us-east-1.amazonaws.com';
const wrong = { world, mode: 'observe' as const, sends: [], status: 'open' as const };

testControl(control, {
  valid: [
    { name: 'TLS 1.2', world, event: call('TLSv1.2', plain) },
    { name: 'TLS 1.3', world, event: call('TLSv1.3', plain) },
    { name: 'a version of the future', world, event: call('TLSv1.4', plain) },
    { name: 'a call without details, as services make them', world, event: callEvent('CreateVolume'), settings: fips },
    { name: 'a FIPS endpoint', world, event: call('TLSv1.3', 'ec2-fips.us-east-1.amazonaws.com'), settings: fips },
    {
      name: 'a bucket at a FIPS endpoint',
      world,
      event: call('TLSv1.3', 'shop.s3-fips.dualstack.us-west-2.amazonaws.com', 'us-west-2'),
      settings: fips,
    },
    { name: 'a global service', world, event: call('TLSv1.3', 'iam-fips.amazonaws.com'), settings: fips },
    {
      name: 'a service that puts the word first',
      world,
      event: call('TLSv1.3', 'fips.transcribe.us-east-1.amazonaws.com'),
      settings: fips,
    },
    {
      name: 'a service that puts it before its name',
      world,
      event: call('TLSv1.3', 'api-fips.sagemaker.us-east-1.amazonaws.com'),
      settings: fips,
    },
    {
      name: 'GovCloud, where every endpoint is validated',
      world,
      event: call('TLSv1.3', 'ec2.us-gov-west-1.amazonaws.com', 'us-gov-west-1'),
      settings: fips,
    },
    { name: 'a Region without such endpoints', world, event: call('TLSv1.3', 'ec2.eu-west-1.amazonaws.com', 'eu-west-1'), settings: fips },
    {
      name: 'the console, whose endpoints nobody can choose',
      world,
      event: call('TLSv1.3', plain, 'us-east-1', { sessionCredentialFromConsole: 'true' }),
      settings: fips,
    },
  ],
  invalid: [
    { name: 'TLS 1.1', ...wrong, event: call('TLSv1.1', plain), says: /^A call used TLSv1.1/, advice: /Update the SDK/ },
    { name: 'TLS 1.0 as CloudTrail writes it', ...wrong, event: call('TLSv1', plain), says: /^A call used TLSv1,/ },
    {
      name: 'another endpoint where FIPS is asked for',
      ...wrong,
      event: call('TLSv1.3', plain),
      settings: fips,
      says: `A call went to ${plain}, which is no FIPS endpoint.`,
      advice: /AWS_USE_FIPS_ENDPOINT=true/,
    },
    {
      name: 'a bucket whose name is the word',
      ...wrong,
      event: call('TLSv1.3', 'fips.s3.us-east-1.amazonaws.com'),
      settings: fips,
      says: /no FIPS endpoint/,
    },
    {
      name: 'a bucket whose name ends like a FIPS endpoint',
      ...wrong,
      event: call('TLSv1.3', 'my-fips.s3.us-east-1.amazonaws.com'),
      settings: fips,
      says: /no FIPS endpoint/,
    },
  ],
  skipped: [],
});
