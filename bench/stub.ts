import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What a call to AWS was for. */
type CallKind = 'read' | 'ledger' | 'write' | 'queue' | 'tell';

/** Calls by what they were for. */
export type Calls = { readonly [kind in CallKind]: number };

/** A stand-in for AWS that answers at once, so that what is timed is our own work: no throttling, no latency, nothing kept. */
export interface Stub {
  readonly endpoint: string;
  /** Whether EBS encryption by default is on. */
  isEncryptedByDefault: boolean;
  /** How many volumes a list shows. */
  listed: number;
  /** Takes each message that is put on the queue. */
  onMessage(body: string, delaySeconds: number): void;
  /** The calls since this was last asked. */
  takeCalls(): Calls;
  stop(): Promise<void>;
}

type Parameters = { readonly [name: string]: string };

/** Starts the stand-in on a free port of this machine. */
export async function startStub(): Promise<Stub> {
  let counts = none();
  const copies = new Map<string, string>();
  const superseded = new Map<string, string>();
  const state: Pick<Stub, 'isEncryptedByDefault' | 'listed' | 'onMessage'> = {
    isEncryptedByDefault: true,
    listed: 0,
    onMessage: () => undefined,
  };

  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const target = String(request.headers['x-amz-target'] ?? '');
      const [kind, answer] = (target ? json(target, body) : query(Object.fromEntries(new URLSearchParams(body)))) ?? ['read', undefined];
      counts = { ...counts, [kind]: counts[kind] + 1 };
      if (answer === undefined) return deny(request, response);
      response.setHeader('content-type', target ? 'application/x-amz-json-1.0' : 'text/xml');
      response.end(answer);
    });
  });
  // a function that waits for its turn would find its connections closed
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  function json(target: string, body: string): [CallKind, string] | undefined {
    const action = target.split('.')[1];
    if (target.startsWith('DynamoDB')) return ['ledger', action === 'BatchGetItem' ? '{"Responses":{}}' : '{}'];
    if (action === 'SendMessageBatch') {
      for (const { MessageBody, DelaySeconds } of JSON.parse(body).Entries) state.onMessage(MessageBody, DelaySeconds);
      return ['queue', '{"Successful":[],"Failed":[]}'];
    }
    // the parameter is not visible yet, so that the function looks, and puts the message back
    if (target.startsWith('AmazonSSM')) return ['read', '{"Parameters":[]}'];
    if (action !== 'PutEvents') return undefined;
    const entries: unknown[] = JSON.parse(body).Entries;
    return ['tell', JSON.stringify({ FailedEntryCount: 0, Entries: entries.map((_entry, n) => ({ EventId: String(n) })) })];
  }

  function query(call: Parameters): [CallKind, string] | undefined {
    const action = call['Action'] ?? '';
    const xml = (content: string): string => `<${action}Response><requestId>r</requestId>${content}</${action}Response>`;
    switch (action) {
      case 'GetEbsEncryptionByDefault':
        return ['read', xml(`<ebsEncryptionByDefault>${state.isEncryptedByDefault}</ebsEncryptionByDefault>`)];
      case 'GetEbsDefaultKmsKeyId':
        return ['read', xml('<kmsKeyId>alias/aws/ebs</kmsKeyId>')];
      case 'DescribeImages':
        return ['read', xml('<imagesSet/>')];
      case 'DescribeSnapshots':
        return ['read', xml('<snapshotSet/>')];
      case 'DescribeVolumes':
        return ['read', xml(call['Filter.1.Name'] === 'encrypted' ? page(call) : `<volumeSet>${describe(call).join('')}</volumeSet>`)];
      case 'EnableEbsEncryptionByDefault':
        state.isEncryptedByDefault = true;
        return ['write', xml('<ebsEncryptionByDefault>true</ebsEncryptionByDefault>')];
      case 'CopyVolumes': {
        const source = call['SourceVolumeId'] ?? '';
        copies.set(source, `${source}c`);
        return ['write', xml(`<volumeSet>${volume(`${source}c`, source)}</volumeSet>`)];
      }
      case 'CreateTags':
        superseded.set(call['ResourceId.1'] ?? '', call['Tag.1.Value'] ?? '');
        return ['write', xml('<return>true</return>')];
      case 'DescribeLaunchTemplates':
        return [
          'read',
          xml(
            `<launchTemplates>${named(call, /^LaunchTemplateId\.\d+$/)
              .map(template)
              .join('')}</launchTemplates>`,
          ),
        ];
      case 'DescribeLaunchTemplateVersions':
        return ['read', xml(`<launchTemplateVersionSet>${version}</launchTemplateVersionSet>`)];
      // the instance is not visible yet
      case 'DescribeInstances':
        return ['read', xml('<reservationSet/>')];
      // the group is not visible yet, so that the function looks, and puts the message back
      case 'DescribeAutoScalingGroups':
        return ['read', xml(`<${action}Result><AutoScalingGroups/></${action}Result>`)];
      case 'Publish':
        return ['tell', '<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>'];
      default:
        return undefined;
    }
  }

  function named(call: Parameters, pattern: RegExp): string[] {
    return Object.entries(call).flatMap(([name, value]) => (pattern.test(name) ? [value] : []));
  }

  function describe(call: Parameters): string[] {
    const ids = named(call, /^Filter\.1\.Value\.\d+$/);
    const sourceOf = (copy: string) => [...copies].find(([, id]) => id === copy)?.[0];
    if (call['Filter.1.Name'] === 'volume-id') return ids.map((id) => volume(id, sourceOf(id)));
    return ids.flatMap((source) => (copies.has(source) ? [volume(copies.get(source) ?? '', source)] : []));
  }

  function page({ MaxResults, NextToken = '0' }: Parameters): string {
    const start = Number(NextToken);
    const end = Math.min(state.listed, start + Number(MaxResults ?? state.listed));
    const ids = Array.from({ length: end - start }, (_, n) => `vol-${String(start + n).padStart(17, '0')}`);
    const next = end < state.listed ? `<nextToken>${end}</nextToken>` : '';
    return `<volumeSet>${ids.map((id) => volume(id)).join('')}</volumeSet>${next}`;
  }

  function volume(id: string, source?: string): string {
    const by = superseded.get(id);
    return `<item><volumeId>${id}</volumeId><size>8</size><availabilityZone>us-east-1a</availabilityZone><status>available</status>
      <createTime>2026-11-21T09:00:00.000Z</createTime><attachmentSet/><volumeType>gp3</volumeType><iops>3000</iops><throughput>125</throughput>
      <encrypted>${source !== undefined}</encrypted>${source === undefined ? '' : `<sourceVolumeId>${source}</sourceVolumeId>`}
      <tagSet>${by === undefined ? '' : `<item><key>redress:superseded-by</key><value>${by}</value></item>`}</tagSet></item>`;
  }

  return Object.assign(state, {
    endpoint: `http://127.0.0.1:${port}`,
    takeCalls: () => {
      const taken = counts;
      counts = none();
      return taken;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

/** Denies what it does not know, as AWS does where a role lacks the permission: a function says so, and is done. */
function deny({ headers }: IncomingMessage, response: ServerResponse): void {
  const isXml = /\/(autoscaling|ec2|iam|s3|sns|sts)\/aws4_request/.exec(headers.authorization ?? '');
  const error = '<Error><Code>AccessDenied</Code><Message>The stand-in for AWS does not know this call.</Message></Error>';
  const json = JSON.stringify({ __type: 'AccessDeniedException', message: 'The stand-in for AWS does not know this call.' });
  response.writeHead(
    403,
    isXml ? { 'content-type': 'text/xml' } : { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' },
  );
  response.end(
    isXml ? (isXml[1] === 'ec2' ? `<Response><Errors>${error}</Errors></Response>` : `<ErrorResponse>${error}</ErrorResponse>`) : json,
  );
}

function template(id: string): string {
  return `<item><launchTemplateId>${id}</launchTemplateId><launchTemplateName>${id}</launchTemplateName></item>`;
}

/** The only version of every template: one encrypted volume. */
const version = `<item><versionNumber>1</versionNumber><defaultVersion>true</defaultVersion><launchTemplateData><blockDeviceMappingSet>
  <item><deviceName>/dev/xvda</deviceName><ebs><encrypted>true</encrypted></ebs></item></blockDeviceMappingSet></launchTemplateData></item>`;

function none(): Calls {
  return { read: 0, ledger: 0, write: 0, queue: 0, tell: 0 };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
