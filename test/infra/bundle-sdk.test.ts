import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleEntry } from '../../infra/bundle.ts';
import { inShort, withoutPlain } from '../../infra/bundle-sdk.ts';

const root = join(import.meta.dirname, '../..');
const clients = globSync('node_modules/@aws-sdk/client-*', { cwd: root })
  .filter((path) => basename(path) !== 'client-ec2')
  .sort();
const require = createRequire(import.meta.url);
const errorsOf = (client: string): string => join(root, client, 'dist-es/models/errors.js');
const schemasOf = (client: string): string => join(root, client, 'dist-es/schemas/schemas_0.js');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redress-errors-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(clients)('%s writes each error in the way that is known', async (client) => {
  const code = await readFile(errorsOf(client), 'utf8');
  const classes = code.match(/^export class /gm)?.length;
  const short = inShort(code);
  expect(short.match(/^export const \w+ = \/\*#__PURE__\*\/ declare\(/gm)).toHaveLength(classes ?? 0);
  expect(short).not.toContain('export class');
});

test('what is not written in a known way stays as it is', () => {
  const code = 'import { Base as __BaseException } from "./Base";\nexport class Odd extends __BaseException {\n    name = "Other";\n}\n';
  expect(inShort(code)).toBe(code);
});

type ErrorClass = new (options: object) => Error & { readonly $fault: string };

/** All that can be seen of an error, but for the id that its schema gives it, that has every member that its class may have. */
function seenOf(Class: ErrorClass, name: string, code: string): object {
  const text = code.split(`class ${name} extends`)[1]?.split('\n}\n')[0] ?? '';
  const members = [...text.matchAll(/this\.([\w$]+) = opts/g)].map(([, member = '']) => [member, `its ${member}`]);
  const error = new Class({ message: 'no', $metadata: { httpStatusCode: 400 }, ...Object.fromEntries(members) });
  return { ...error, message: error.message, isError: error instanceof Error, isOwn: error instanceof Class };
}

test('an error of a bundle is the error of the SDK', async () => {
  const entry = join(folder, 'entry.js');
  const path = (client: string, file: string): string => JSON.stringify(join(root, client, 'dist-es', file));
  await writeFile(entry, clients.map((client, at) => `export * as a${at} from ${path(client, 'models/errors.js')};`).join('\n'));
  await bundleEntry(entry, join(folder, 'out'));
  const bundle: { readonly [name: string]: { readonly [name: string]: ErrorClass } } = await import(
    pathToFileURL(join(folder, 'out/index.mjs')).href
  );
  let compared = 0;
  for (const [at, client] of clients.entries()) {
    const code = await readFile(errorsOf(client), 'utf8');
    const sdk: { readonly [name: string]: ErrorClass } = require(`@aws-sdk/${basename(client)}`);
    for (const name of [...code.matchAll(/^export class (\w+)/gm)].map(([, found = '']) => found)) {
      const [theirs, ours] = [sdk[name], bundle[`a${at}`]?.[name]];
      if (!theirs || !ours) throw new Error(`${client} has no ${name}`);
      expect(seenOf(ours, name, code), name).toEqual(seenOf(theirs, name, code));
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(500);
});

const [base, noMember] = ['const traits = 1;\n', '{ [_e]: _c, [_hE]: 404 }'];
const schema = (name: string, traits: string, members = '_M', types = '0'): string =>
  `export var ${name}$ = [-3, n0, _N,\n    ${traits},\n    [${members}],\n    [${types}]\n];\nn0_registry.registerError(${name}$, ${name});\n`;

test.each([
  ['with nothing but a message', schema('Gone', noMember), false, ''],
  ['without any member', schema('Gone', noMember, '', ''), false, ''],
  ['with a member more', schema('Failed', noMember, '_M, _I', '0, () => Item'), false, undefined],
  ['whose code is its name', schema('Gone', '{ [_aQE]: [`Gone`, 404], [_e]: _c }'), true, ''],
  ['whose code is another name', schema('GoneFault', '{ [_aQE]: [`Gone`, 404], [_e]: _c }'), true, undefined],
  ['whose code is another name that nobody sends', schema('GoneFault', '{ [_aQE]: [`Gone`, 404], [_e]: _c }'), false, ''],
  [
    'whose name is the code of another',
    schema('Gone', noMember) + schema('PageGone', '{ [_aQE]: [`Gone`, 404], [_e]: _c }'),
    true,
    undefined,
  ],
  ['that may be sent again', schema('Busy', noMember), false, undefined],
  ['that a shape holds', `${schema('Gone', noMember)}export var Stream$ = [4, n0, _S, 0, [_G], [() => Gone$]];\n`, false, undefined],
])('the schema of an error %s', (_of, code, isByCode, left = code) => {
  expect(withoutPlain(base + code, { isByCode, retryable: ['Busy'] })).toBe(base + left);
});

// what a class is asked for by our code must be an error that the SDK still makes with it
test('no module of a function asks for the class of an error that is left out', async () => {
  const ours = globSync(['functions/**/*.ts', 'shared/**/*.ts'], { cwd: root }).filter((path) => !path.endsWith('.test.ts'));
  const texts = await Promise.all(ours.map((path) => readFile(join(root, path), 'utf8')));
  let asked = 0;
  for (const client of clients) {
    const service = basename(client);
    const imported = texts.flatMap((text) => [...text.matchAll(new RegExp(`import \\{([^}]*)\\} from '@aws-sdk/${service}'`, 'g'))]);
    const names = new Set(imported.flatMap(([, list = '']) => list.split(',').map((name) => name.trim())));
    const [whole, errors] = await Promise.all([readFile(schemasOf(client), 'utf8'), readFile(errorsOf(client), 'utf8')]);
    const left = withoutPlain(whole, { isByCode: false, retryable: [] });
    for (const [, name = ''] of errors.matchAll(/^export class (\w+)/gm)) {
      if (!names.has(name)) continue;
      expect(left.includes(`registerError(${name}$`), `${name} of ${service}`).toBe(true);
      asked += 1;
    }
  }
  expect(asked).toBeGreaterThan(0);
});

type Sdk = { readonly [name: string]: new (input: object) => { send(command: object): Promise<unknown> } };

const xml = (code: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>not there</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
const json = (type: string): string => JSON.stringify({ __type: type, message: 'not there' });

/** What a command of a client throws, seen as the engine sees it, if a server answers so. */
async function thrown(sdk: Sdk, [client, command]: readonly [string, string], endpoint: string): Promise<object> {
  const [Client, Command] = [sdk[client], sdk[command]];
  if (!Client || !Command) throw new Error(`there is no ${client} or ${command}`);
  const settings = { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 };
  const input = { KeyId: 'k', QueueUrl: endpoint, imageBuildVersionArn: 'arn:aws:imagebuilder:eu-west-1:1:image/a/1.0.0/1', Name: 'a' };
  const error: unknown = await new Client(settings).send(new Command(input)).then(
    () => undefined,
    (found) => found,
  );
  if (!(error instanceof Error)) throw new Error('nothing was thrown');
  const { name, message, $fault, Code, $metadata } = error as Error & { [member: string]: unknown };
  return { name, message, $fault, Code, $metadata };
}

test.each([
  ['kms', ['KMSClient', 'DescribeKeyCommand'], json('NotFoundException')],
  ['ssm', ['SSMClient', 'GetDocumentCommand'], json('com.amazonaws.ssm#InvalidDocument')],
  ['imagebuilder', ['ImagebuilderClient', 'GetImageCommand'], json('ResourceNotFoundException')],
  ['sqs', ['SQSClient', 'ListQueueTagsCommand'], json('com.amazonaws.sqs#QueueDoesNotExist')],
  ['cloudformation', ['CloudFormationClient', 'DescribeStacksCommand'], xml('StackSetNotFoundException')],
  ['cloudformation', ['CloudFormationClient', 'DescribeStacksCommand'], xml('ChangeSetNotFound')],
  ['auto-scaling', ['AutoScalingClient', 'DescribeAutoScalingGroupsCommand'], xml('ValidationError')],
] as const)('%s: what AWS answers is the same error in a bundle', async (service, names, body) => {
  const entry = join(folder, `${service}.js`);
  await writeFile(
    entry,
    `export { ${names.join(', ')} } from ${JSON.stringify(join(root, `node_modules/@aws-sdk/client-${service}/dist-es/index.js`))};\n`,
  );
  await bundleEntry(entry, join(folder, service));
  const server = createServer((_request, response) => response.writeHead(400).end(body)).listen(0, '127.0.0.1');
  try {
    await new Promise((done) => server.once('listening', done));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const bundle: Sdk = await import(pathToFileURL(join(folder, service, 'index.mjs')).href);
    const [ours, theirs] = [await thrown(bundle, names, endpoint), await thrown(require(`@aws-sdk/client-${service}`), names, endpoint)];
    expect(ours).toEqual(theirs);
    expect(ours).toMatchObject({ message: 'not there', $fault: 'client' });
  } finally {
    server.close();
  }
});
