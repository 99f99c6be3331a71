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
