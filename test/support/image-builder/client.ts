import { Readable } from 'node:stream';
import { Imagebuilder } from '@aws-sdk/client-imagebuilder';
import { readCall } from '../../../local/emulator/aws-call.ts';
import { errorAnswer } from '../../../local/emulator/aws-error.ts';
import { ClientTokens } from '../../../local/emulator/client-tokens.ts';
import { ec2Answer } from '../../../local/emulator/ec2-xml.ts';
import type { Addition } from '../../../local/emulator/gaps/addition.ts';
import { type ImageBuilderOptions, imageBuilder } from '../../../local/emulator/image-builder/image-builder.ts';
import type { HttpRequest } from '../../../local/http.ts';
import { at, type Json, type JsonObject, listAt, stringAt } from '../../../local/json.ts';
import type { Caller } from '../../../local/trail/identity.ts';
import { buildRecord, type TrailRecord } from '../../../local/trail/record.ts';
import { nest } from '../../../local/trail/styles.ts';

/** A request as the SDK hands it to whoever sends it. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: { readonly [name: string]: string | readonly string[] | null };
  readonly headers: { readonly [name: string]: string };
  readonly body?: string | Uint8Array;
}

/** The local cloud's Image Builder in this process, behind the SDK's own client. */
export interface InProcess {
  readonly client: Imagebuilder;
  /** The images in EC2, by id, each as DescribeImages shows it. */
  readonly images: Map<string, JsonObject>;
  /** The notices on the bus, oldest first. */
  readonly notices: JsonObject[];
  /** The records of CloudTrail, oldest first. */
  readonly records: TrailRecord[];
  /** The objects of S3, by path, bucket first. */
  readonly objects: Map<string, string>;
}

/** Starts one, with an EC2 that knows images and their snapshots; `refused` are the calls of EC2 that fail. */
export function imageBuilderInProcess(options: ImageBuilderOptions = {}, refused: readonly string[] = []): InProcess {
  const additions = imageBuilder({}, { stepMs: 0, ...options });
  const tokens = new ClientTokens();
  const [images, notices, records, objects] = [
    new Map<string, JsonObject>(),
    [] as JsonObject[],
    [] as TrailRecord[],
    new Map<string, string>(),
  ];
  const disks = new Map<string, JsonObject>();
  const user: Caller = { kind: 'user', name: 'dana' };
  let count = 0;

  const ec2: Addition = async (call, { requestId }) => {
    if (refused.includes(call.action)) return errorAnswer(call, { code: 'OperationNotPermitted', message: 'It is blocked.' }, requestId);
    count += 1;
    const id = (prefix: string) => `${prefix}-${String(count).padStart(17, '0')}`;
    const query = nest(call.query);
    const answers: { readonly [action: string]: () => JsonObject } = {
      CreateVolume: () =>
        kept(disks, id('vol'), { encrypted: stringAt(query, 'Encrypted') ?? 'false', kmsKeyId: query['KmsKeyId'] ?? '' }, 'volumeId'),
      CreateSnapshot: () => kept(disks, id('snap'), disks.get(stringAt(query, 'VolumeId') ?? '') ?? {}, 'snapshotId'),
      RegisterImage: () => {
        const item = listAt(query, 'BlockDeviceMapping').map((one) => ({
          deviceName: at(one, 'DeviceName') ?? '',
          ebs: { ...disks.get(stringAt(one, 'Ebs', 'SnapshotId') ?? ''), volumeSize: at(one, 'Ebs', 'VolumeSize') ?? '' },
        }));
        const { Name = '', RootDeviceName = '' } = query;
        return kept(
          images,
          id('ami'),
          { name: Name, region: call.region, rootDeviceName: RootDeviceName, blockDeviceMapping: { item } },
          'imageId',
        );
      },
      DescribeImages: () => ({ imagesSet: { item: listAt(query, 'ImageId').flatMap((one) => images.get(String(one)) ?? []) } }),
      CreateTags: () => changed(images, String(listAt(query, 'ResourceId')[0]), { tags: query['Tag'] ?? [] }),
      ModifyImageAttribute: () =>
        changed(images, stringAt(query, 'ImageId') ?? '', { permissions: at(query, 'LaunchPermission', 'Add') ?? [] }),
    };
    return ec2Answer(call.action, answers[call.action]?.() ?? { return: 'true' }, requestId);
  };
  const moto = {
    async json(_service: string, action: string, body: JsonObject) {
      if (action === 'PutEvents')
        notices.push(
          ...listAt(body, 'Entries').map((entry) => ({ ...(entry as JsonObject), Detail: JSON.parse(stringAt(entry, 'Detail') ?? '{}') })),
        );
      return {};
    },
    object: async (path: string) => objects.get(path),
  };

  async function handle(request: SdkRequest) {
    const query = new URLSearchParams(
      Object.entries(request.query ?? {}).flatMap(([name, value]) =>
        [value ?? ''].flat().map((one): [string, string] => [name, String(one)]),
      ),
    );
    const sent: HttpRequest = {
      method: request.method,
      path: `${request.path}?${query}`,
      headers: request.headers,
      body: bytesOf(request.body),
    };
    const call = readCall(sent, '192.0.2.7');
    const addition = call && additions[`imagebuilder:${call.action}`];
    if (!addition) throw new Error(`nobody answers ${request.method} ${request.path}`);
    const requestId = `r-${records.length + 1}`;
    const around = {
      caller: user,
      requestId,
      moto: moto as never,
      trail: undefined as never,
      forward: (one: typeof call) => ec2(one, around),
      async record(one: typeof call, by: Caller, answer: Awaited<ReturnType<Addition>>, by_: string) {
        records.push(buildRecord(one, by, answer, by_));
      },
    };
    const { answer, repeated } = await tokens.once(call, requestId, () => addition(call, around));
    if (!repeated) records.push(buildRecord(call, user, answer, requestId));
    return {
      response: { statusCode: answer.status, headers: answer.headers as { [name: string]: string }, body: Readable.from([answer.body]) },
    };
  }

  const client = new Imagebuilder({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: { handle, destroy: () => undefined } as never,
  });
  return { client, images, notices, records, objects };
}

/** The bytes of a body; the SDK's own say something where they are taken for text. */
function bytesOf(body: SdkRequest['body'] = ''): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

function kept(where: Map<string, JsonObject>, id: string, value: JsonObject, member: string): JsonObject {
  const whole = { ...value, [member]: id };
  where.set(id, whole);
  return whole;
}

function changed(where: Map<string, JsonObject>, id: string, value: { readonly [name: string]: Json }): JsonObject {
  where.set(id, { ...where.get(id), ...value });
  return { return: 'true' };
}
