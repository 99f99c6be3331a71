import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A text that tries to be markup, ends the script and its comment, turns the line, and is no whole character. */
export const HOSTILE = '</script><script>alert(1)</script><img src=x onerror=alert(2)><!--\u202e\ud800';

/** A page that is checked: its name, and what the folder of its records holds. */
export interface Sample {
  readonly name: string;
  readonly records: readonly object[];
}

const MINUTE = 60_000;
const BEGIN = Date.parse('2027-01-01T00:00:00Z');
const people = ['dana', 'sam', 'ci-deploy', 'terraform-apply', 'a-role-with-a-rather-long-name-of-a-pipeline-that-nobody-shortened'];
const regions = ['eu-west-1', 'us-east-1', 'ap-southeast-2'];

/** Nothing, a day, a month, what is hostile, and more than a page lists. */
export function samples(): readonly Sample[] {
  return [
    { name: 'empty', records: [] },
    { name: 'day', records: many(30, 2 * MINUTE) },
    { name: 'month', records: many(900, 47 * MINUTE) },
    { name: 'hostile', records: [...many(6, MINUTE), ...hostile()] },
    { name: 'large', records: many(100_000, MINUTE / 2) },
  ];
}

/** Writes the records of a sample into a folder of its own. */
export async function writeSample({ name, records }: Sample, folder: string): Promise<string> {
  const place = join(folder, name);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'records.json.gz'), gzipSync(JSON.stringify({ Records: records })));
  return place;
}

function many(number: number, gap: number): object[] {
  return Array.from({ length: number }, (_one, n) => (n % 3 === 0 ? group(n, gap) : n % 7 === 0 ? image(n, gap) : volume(n, gap)));
}

function volume(n: number, gap: number): object {
  return record(n, gap, 'CreateVolume', { responseElements: { volumeId: idOf('vol', n), encrypted: false } });
}

function image(n: number, gap: number): object {
  return record(n, gap, 'ModifyImageAttribute', {
    requestParameters: { imageId: idOf('ami', n), launchPermission: { add: { items: [{ group: 'all' }] } } },
  });
}

function group(n: number, gap: number): object {
  const ipPermissions = {
    items: [
      {
        ipProtocol: 'tcp',
        fromPort: 22,
        toPort: 22,
        ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] },
        groups: {},
        ipv6Ranges: {},
        prefixListIds: {},
      },
    ],
  };
  return record(n, gap, 'AuthorizeSecurityGroupIngress', { requestParameters: { groupId: idOf('sg', n % 500), ipPermissions } });
}

function hostile(): object[] {
  const more = {
    userIdentity: { ...identity(HOSTILE), arn: `arn:aws:iam::111122223333:user/${HOSTILE}` },
    userAgent: `<script>${HOSTILE}`,
    sourceIPAddress: HOSTILE,
    eventID: HOSTILE,
    awsRegion: 'eu-west-1',
  };
  const named = { responseElements: { volumeId: HOSTILE, encrypted: false } };
  return [
    record(1, MINUTE, 'CreateVolume', { ...more, ...named }),
    record(2, MINUTE, 'CreateVolume', { ...more, ...named, awsRegion: HOSTILE, eventTime: 'never' }),
    record(3, MINUTE, 'CreateVolume', { ...more, ...named, eventTime: '9999-01-01T00:00:00Z' }),
  ];
}

function record(n: number, gap: number, eventName: string, more: object): object {
  return {
    eventVersion: '1.11',
    userIdentity: identity(people[(n * 7 + (n % 11)) % people.length] ?? ''),
    eventTime: new Date(BEGIN + n * gap + (n % 13) * 11 * gap).toISOString().replace(/\.\d+/, ''),
    eventSource: 'ec2.amazonaws.com',
    eventName,
    awsRegion: regions[n % 4] ?? regions[0],
    sourceIPAddress: '192.0.2.1',
    userAgent: n % 2 === 0 ? 'aws-cli/2.31' : 'HashiCorp Terraform/1.13',
    requestParameters: null,
    responseElements: null,
    eventID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    ...more,
  };
}

function identity(userName: string): object {
  return { type: 'IAMUser', arn: `arn:aws:iam::111122223333:user/${userName}`, accountId: '111122223333', userName };
}

function idOf(prefix: string, n: number): string {
  return `${prefix}-${(0x0a00000000000000n + BigInt(n) * 7919n).toString(16).padStart(17, '0').slice(-17)}`;
}
