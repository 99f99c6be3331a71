import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { bundleEntry } from '../../infra/bundle.ts';
import { withoutSameNames } from '../../infra/bundle-sdk.ts';

const modules = join(import.meta.dirname, '../../node_modules');
const require = createRequire(import.meta.url);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-stand-ins-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

const pathOf = (file: string): string => JSON.stringify(join(modules, file));
const kms = pathOf('@aws-sdk/client-kms/dist-es/index.js');

/** What is exported by lines of code once they are bundled. */
async function bundled<T>(name: string, lines: readonly string[]): Promise<T> {
  const entry = join(folder, `${name}.js`);
  await writeFile(entry, lines.join('\n'));
  await bundleEntry(entry, join(folder, name));
  return await import(pathToFileURL(join(folder, name, 'index.mjs')).href);
}

const settings = { region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

type Client = { readonly config: { readonly [setting: string]: unknown }; send(command: object): Promise<unknown> };
type Sdk = { readonly [name: string]: new (input: object) => Client };

const clients = globSync('@aws-sdk/client-*', { cwd: modules }).sort();

// what DynamoDB's client would use to discover endpoints, which a bundle leaves out
const discovery = /endpointDiscovery|endpointCache/i;

/** All other settings of a client, and what it tells its request handler. */
function settingsOf(Of: Sdk[string]): object {
  const told: unknown[] = [];
  const requestHandler = {
    handle() {},
    httpHandlerConfigs: () => ({}),
    updateHttpClientConfig: (...setting: unknown[]) => told.push(setting),
  };
  const { config } = new Of({ ...settings, requestHandler, logger: { constructor: { name: 'Ours' } } });
  const kept = Object.entries(config).filter(([setting]) => !discovery.test(setting));
  const kinds = kept.map(([setting, value]) => [setting, typeof value]);
  return { ...Object.fromEntries(kinds), isOurs: config['requestHandler'] === requestHandler, told };
}

test('each client has the same settings in a bundle, and takes no extensions', async () => {
  const names = await Promise.all(
    clients.map(async (client) => {
      const code = await readFile(join(modules, client, 'dist-es/index.js'), 'utf8');
      return /export \* from "\.\/(\w+Client)"/.exec(code)?.[1] ?? '';
    }),
  );
  const lines = clients.map((client, at) => `export { ${names[at]} } from ${pathOf(`${client}/dist-es/index.js`)};`);
  const sdk = await bundled<Sdk>('clients', lines);
  for (const [at, client] of clients.entries()) {
    const [ours, theirs] = [sdk, require(client) as Sdk].map((of) => of[names[at] ?? '']);
    if (!ours || !theirs) throw new Error(`${client} has no ${names[at]}`);
    expect(settingsOf(ours), client).toEqual(settingsOf(theirs));
    expect(settingsOf(ours)).toMatchObject({ isOurs: true, told: [[Symbol.for('logger'), expect.anything()]], region: 'function' });
    expect(() => new ours({ ...settings, extensions: [{ configure() {} }] }), client).toThrow('Extensions of clients');
  }
});

test('a client in a bundle gives its own handler the time limit that the SDK does', async () => {
  vi.stubEnv('AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026', 'true');
  const sdks = [await bundled<Sdk>('limits', [`export { KMSClient } from ${kms};`]), require('@aws-sdk/client-kms') as Sdk];
  const limits = sdks.map(async ({ KMSClient }) => {
    const handler = KMSClient && new KMSClient(settings).config['requestHandler'];
    const { defaultSocketTimeout } = await Reflect.get(Object(handler), 'configProvider');
    return defaultSocketTimeout;
  });
  const [ours, theirs] = await Promise.all(limits);
  expect(ours).toBe(theirs);
  expect(ours).toBeGreaterThan(0);
});

test.each([
  ['standard', 3, 'busy'],
  [undefined, 3, 'busy'],
  ['adaptive', 0, 'The retry mode "adaptive" is not part of a function'],
])('in the retry mode %s a function calls %i times', async (mode, calls, message) => {
  vi.stubEnv('AWS_RETRY_MODE', mode);
  const { KMSClient, DescribeKeyCommand } = await bundled<Sdk>('retries', [`export { KMSClient, DescribeKeyCommand } from ${kms};`]);
  if (!KMSClient || !DescribeKeyCommand) throw new Error('there is no client of KMS');
  let called = 0;
  const server = createServer((_request, response) => {
    called += 1;
    response.writeHead(400).end(JSON.stringify({ __type: 'ThrottlingException', message: 'busy' }));
  }).listen(0, '127.0.0.1');
  try {
    await new Promise((done) => server.once('listening', done));
    const client = new KMSClient({ ...settings, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    await expect(client.send(new DescribeKeyCommand({ KeyId: 'k' }))).rejects.toThrow(message);
    expect(called).toBe(calls);
  } finally {
    server.close();
  }
});

interface Signer {
  sign(what: object, options: object): Promise<object>;
}

test('a bundle signs requests as the SDK does, and refuses events', async () => {
  type Module = { readonly SignatureV4: new (settings: object) => Signer };
  const ours = await bundled<Module & { readonly Sha256Node: unknown }>('signature', [
    `export { SignatureV4 } from ${pathOf('@smithy/signature-v4/dist-es/index.js')};`,
    `export { Sha256Node } from ${pathOf('@smithy/core/dist-es/submodules/checksum/index.js')};`,
  ]);
  const theirs: Module = require(join(modules, '@smithy/signature-v4'));
  const sign = async ({ SignatureV4 }: Module, what: object) => {
    const signer = new SignatureV4({ ...settings, service: 'kms', sha256: ours.Sha256Node });
    return { ...(await signer.sign(what, { signingDate: new Date(0) })) };
  };
  const request = { method: 'POST', protocol: 'https:', hostname: 'kms', path: '/', headers: { host: 'kms' }, query: {}, body: '{}' };
  const signed = await sign(ours, request);
  expect(signed).toMatchObject({ headers: { authorization: expect.stringMatching(/Signature=[0-9a-f]{64}$/) } });
  expect(signed).toEqual(await sign(theirs, request));
  const event = { message: { headers: {}, body: new Uint8Array() } };
  expect(await sign(theirs, event)).toHaveProperty('signature');
  await expect(sign(ours, event)).rejects.toThrow('Streams of events');
});

test("a bundle reads Node's streams, and refuses a browser's as the SDK refuses what is none", async () => {
  type Mixed = { transformToString(): Promise<string> };
  const { sdkStreamMixin } = await bundled<{ sdkStreamMixin(stream: object): Mixed }>('streams', [
    `export { sdkStreamMixin } from ${pathOf('@smithy/core/dist-es/submodules/serde/index.js')};`,
  ]);
  expect(await sdkStreamMixin(Readable.from([Buffer.from('ye'), Buffer.from('s')])).transformToString()).toBe('yes');
  expect(() => sdkStreamMixin(new ReadableStream())).toThrow('expect Stream.Readable instance, got ReadableStream');
});

const names = (request: string, answer: string): string => `[[0, { [_eQN]: ${request},\n        [_xN]: ${answer} }]];\n`;

test.each([
  ['the other with a capital', names('_I', '_i'), '[[0, { [_xN]: _i }]];\n'],
  ['so where it is written out', names('`Ids`', '`ids`'), '[[0, { [_xN]: `ids` }]];\n'],
  ['another name', names('`Ids`', '_i'), undefined],
  ['a name that is not known', names('_O', '_o'), undefined],
  ['alone', '[[0, { [_eQN]: _I }]];\n', undefined],
])('a name in requests that is %s', (_of, code, left = code) => {
  const constants = 'const _I = "Id";\nconst _i = "id";\n';
  expect(withoutSameNames(constants + code)).toBe(constants + left);
});

type Shape = {
  isStructSchema(): boolean;
  isListSchema(): boolean;
  isMapSchema(): boolean;
  isTimestampSchema(): boolean;
  isBlobSchema(): boolean;
  getName(): string | undefined;
  getValueSchema(): Shape;
  structIterator(): Iterable<[string, Shape]>;
};

/** A value that has each member that its schema knows, and two of each list. */
function whole(shape: Shape, above: readonly string[] = []): unknown {
  const name = shape.getName() ?? '';
  if (above.includes(name)) return undefined;
  if (shape.isStructSchema()) {
    return Object.fromEntries([...shape.structIterator()].map(([member, of]) => [member, whole(of, [...above, name])]));
  }
  if (shape.isListSchema()) return [1, 2].map(() => whole(shape.getValueSchema(), above));
  if (shape.isMapSchema()) return { key: whole(shape.getValueSchema(), above) };
  if (shape.isTimestampSchema()) return new Date(0);
  return shape.isBlobSchema() ? new Uint8Array([1]) : 'text';
}

type Operation = readonly [kind: number, namespace: string, name: string, traits: number, input: () => unknown];

test('a bundle writes each request of EC2 as the SDK does', async () => {
  type Schemas = { readonly [name: string]: unknown };
  const ours = await bundled<Schemas>('ec2', [`export * from ${pathOf('@aws-sdk/client-ec2/dist-es/schemas/schemas_0.js')};`]);
  const theirs: Schemas = require('@aws-sdk/client-ec2');
  const { NormalizedSchema } = require(join(modules, '@smithy/core/schema'));
  const { AwsEc2QueryProtocol } = require(join(modules, '@aws-sdk/core/protocols'));
  const { serializer } = new AwsEc2QueryProtocol({
    defaultNamespace: 'com.amazonaws.ec2',
    xmlNamespace: 'x',
    version: '1',
    errorTypeRegistries: [],
  });
  const written = (operation: Operation, input: unknown): string => {
    serializer.write(operation[4](), input);
    return serializer.flush();
  };
  const operations = Object.entries(theirs).filter(([, schema]) => Array.isArray(schema) && schema[0] === 9) as [string, Operation][];
  expect(operations.length).toBeGreaterThan(700);
  let members = 0;
  for (const [name, operation] of operations) {
    const input = whole(NormalizedSchema.of(operation[4]()));
    const text = written(operation, input);
    expect(written(ours[name] as Operation, input), name).toBe(text);
    members += text.split('&').length - 1;
  }
  expect(members).toBeGreaterThan(5000);
});
