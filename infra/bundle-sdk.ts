import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'rolldown';

/** The SDK's ways to credentials that a machine or a cluster has, and a function has not: by package, with what each exports. */
const elsewhere: { readonly [name: string]: readonly string[] } = {
  '@aws-sdk/credential-provider-sso': ['fromSSO'],
  '@aws-sdk/credential-provider-ini': ['fromIni'],
  '@aws-sdk/credential-provider-process': ['fromProcess'],
  '@aws-sdk/credential-provider-web-identity': ['fromTokenFile'],
  '@smithy/credential-provider-imds': ['fromContainerMetadata', 'fromInstanceMetadata'],
};

/** A stand-in for such a package: the chain goes on to the next way, as where there is no profile. */
function refusing([name, ways]: [string, readonly string[]]): [string, string] {
  const refusal = `Object.assign(new Error('${name} is not part of a function.'), { name: 'CredentialsProviderError', tryNextLink: true })`;
  const providers = ways.map((way) => `export const ${way} = () => async () => { throw ${refusal}; };`);
  return [name, [...providers, ...VARIABLES].join('\n')];
}

/** By these variables the chain sees that an address gives credentials; it reads their names of the package for machines, and of the others nobody does. */
const VARIABLES = ['FULL_URI', 'RELATIVE_URI'].map((name) => `export const ENV_CMDS_${name} = 'AWS_CONTAINER_CREDENTIALS_${name}';`);

/** A machine tells its Region; here nobody does, so that one which is missing is still named as missing. */
const NO_REGION = 'export const getInstanceMetadataRegion = async () => undefined;';

/**
 * What the SDK brings and a function cannot use: by package, with the module that takes its place.
 *
 * Lambda gives a function its credentials in the environment, or where it starts from a snapshot at an address that `credential-provider-http`
 * asks; a machine's and a cluster's ways, and the clients of STS and SSO that come with them, stay at home. Its Region is in the environment too.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 * DynamoDB's client looks for endpoints only where its settings or a variable of the environment say so.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoint-discovery.html
 * No call that Redress makes streams events or goes to an endpoint of several Regions, and Node has SHA-256 and streams of its own.
 * MD5 stays, for OpenSSL refuses it where FIPS is enforced.
 * Redress retries in the SDK's standard mode; if the environment asks for the adaptive one, each call fails and says so.
 */
const standIns: { readonly [name: string]: string } = {
  ...Object.fromEntries(Object.entries(elsewhere).map(refusing)),
  '@aws-sdk/middleware-endpoint-discovery': `
    export const getEndpointDiscoveryPlugin = () => ({ applyToStack() {} });
    export const resolveEndpointDiscoveryConfig = (input) => input;
    export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { environmentVariableSelector() {}, configFileSelector() {}, default: undefined };`,
  '@smithy/core/event-streams': `
    const refuse = () => { throw new Error('Streams of events are not part of a function.'); };
    export const eventStreamSerdeProvider = () => ({ serialize: refuse, deserialize: refuse });
    export const resolveEventStreamSerdeConfig = (input) => Object.assign(input, { eventStreamMarshaller: input.eventStreamSerdeProvider(input) });
    export class EventStreamSerde { serializeEventStream() { refuse(); } deserializeEventStream() { refuse(); } }`,
  './SignatureV4MultiRegion': `export { SignatureV4SignWithCredentials as SignatureV4MultiRegion } from '@aws-sdk/signature-v4-multi-region/dist-es/SignatureV4SignWithCredentials.js';`,
  './Sha256Js': 'export class Sha256Js {}',
  // the headers of events, which are signed where a call streams them
  './HeaderFormatter': `export class HeaderFormatter { format() { throw new Error('Streams of events are not part of a function.'); } }`,
  // a browser's streams; for what is no stream of Node the SDK throws its own error
  './sdk-stream-mixin.browser': `export const sdkStreamMixin = () => { throw new Error('Streams of a browser are not part of a function.'); };`,
  '../util-retry/AdaptiveRetryStrategy': `
    const refusal = 'The retry mode "adaptive" is not part of a function: set AWS_RETRY_MODE to "standard", or not at all.';
    export class AdaptiveRetryStrategy { constructor() { throw new Error(refusal); } }`,
  ...Object.fromEntries(['.', '../config-resolver/regionConfig'].map((from) => [`${from}/getInstanceMetadataRegion`, NO_REGION])),
};

const STAND_IN = '\0stand-in:';

const replaceUnused: Plugin = {
  name: 'replace-unused',
  resolveId: {
    filter: { id: new RegExp(`^(${Object.keys(standIns).join('|').replaceAll('.', '\\.')})$`) },
    handler: (source) => `${STAND_IN}${source}`,
  },
  load: { filter: { id: /^\0stand-in:/ }, handler: (id) => standIns[id.slice(STAND_IN.length)] },
};

/** What a client keeps of the place where extensions may change its settings: its request handler learns the logger and the time limit there. */
const NO_EXTENSIONS = `
import { getHttpHandlerExtensionConfiguration } from '@smithy/core/protocols';
export const resolveRuntimeExtensions = (runtimeConfig, extensions) => {
  if (extensions.length > 0) throw new Error('Extensions of clients are not part of a function.');
  getHttpHandlerExtensionConfiguration(runtimeConfig);
  return runtimeConfig;
};
`;

const noExtensions: Plugin = {
  name: 'no-extensions',
  transform: { filter: { id: /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]runtimeExtensions\.js$/ }, handler: () => NO_EXTENSIONS },
};

/** One error of a service as the SDK's generator writes it; its name, whose fault it is, what may be sent again, and its members. */
const ERROR =
  /export class (\w+) extends __BaseException \{\n(?: {4}static shapeId = "[^"\n]+";\n)? {4}name = "\1";\n {4}\$fault = "(client|server)";\n(?: {4}\$retryable = (\{[^}]*\});\n)?(?: {4}[\w$]+;\n)* {4}constructor\(opts\) \{\n {8}super\(\{\n {12}name: "\1",\n {12}\$fault: "\2",\n {12}\.\.\.opts,\n {8}\}\);\n {8}Object\.setPrototypeOf\(this, \1\.prototype\);\n((?: {8}this\.([\w$]+) = opts\.\5;\n)*) {4}\}\n\}\n/g;

/** Makes such a class; its `shapeId` is set by the registry that each is put into, to the same value. */
const DECLARE = `
const declare = (name, $fault, members, $retryable) => class extends __BaseException {
  constructor(opts) {
    super({ name, $fault, ...opts });
    Object.setPrototypeOf(this, new.target.prototype);
    Object.assign(this, { name, $fault }, $retryable && { $retryable });
    for (const member of members) this[member] = opts[member];
  }
};
`;

/** The same errors, each in a line where the SDK writes a class of its own, which were a tenth of each bundle; what is not written so stays as it is. */
export function inShort(code: string): string {
  const short = code.replace(ERROR, (_class, name: string, fault: string, retryable: string | undefined, assigned: string) => {
    const members = [...assigned.matchAll(/this\.([\w$]+) =/g)].map(([, member]) => member);
    const more = `${JSON.stringify(members)}${retryable ? `, ${retryable}` : ''}`;
    return `export const ${name} = /*#__PURE__*/ declare("${name}", "${fault}", ${more});\n`;
  });
  return short === code ? code : short.replace(/\n(?=export )/, DECLARE);
}

const shortErrors: Plugin = {
  name: 'short-errors',
  transform: { filter: { id: /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]models[\\/]errors\.js$/ }, handler: inShort },
};

/** One error in the list of a service's schemas that has no member but its message. */
const PLAIN =
  /export var (\w+)\$ = \[-3, n0, \w+,\n {4}\{.*\},\n {4}\[(?:_m|_M)?\],\n {4}\[0?\]\n\];\n\w+_registry\.registerError\(\1\$, \1\);\n/g;

/** An error, and the code by which the Query protocol finds it. */
const CODED = /export var (\w+)\$ = \[-3, n0, \w+,\n {4}\{[^\n]*\[_aQE\]: \[`([^`]*)`/g;

/** What is known of a client's errors beside its schemas: whether they are found by their codes, and which the SDK may send again. */
interface Client {
  readonly isByCode: boolean;
  readonly retryable: readonly string[];
}

/**
 * The same schemas without the errors that have nothing but a name and a message: the SDK makes such an error, with both, also of what it does
 * not know. What says more stays: one that may be sent again, that a shape holds, or whose code is another's name or not its own.
 */
export function withoutPlain(code: string, { isByCode, retryable }: Client): string {
  const renamed = isByCode ? [...code.matchAll(CODED)].filter(([, name, its]) => name !== its) : [];
  return code.replace(PLAIN, (whole, name: string) => {
    const isFoundOtherwise = renamed.some(([, other, its]) => name === other || name === its);
    // where it is declared, and registered
    const isHeld = code.split(`${name}$`).length - 1 > 2;
    return isFoundOtherwise || isHeld || retryable.includes(name) ? whole : '';
  });
}

/** Reads of the client whose schemas these are. */
function clientOf(schemas: string): Client {
  const read = (file: string) => readFileSync(join(dirname(schemas), '..', file), 'utf8');
  const classes = read('models/errors.js').split('export class ').slice(1);
  return {
    isByCode: /QueryProtocol|awsQueryCompatible/.test(read('runtimeConfig.shared.js')),
    retryable: classes.flatMap((text) => (text.includes('$retryable') ? (/^\w+/.exec(text) ?? []) : [])),
  };
}

const fewerErrors: Plugin = {
  name: 'fewer-errors',
  transform: {
    filter: { id: /[\\/]@aws-sdk[\\/]client-(?!ec2[\\/])[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ },
    handler: (code, id) => withoutPlain(code, clientOf(id)),
  },
};

/** A member in the schemas of EC2 that has a name in requests and one in answers, and a constant for such names. */
const BOTH_NAMES = /\[_eQN\]: (`\w+`|\w+),\s*(?=\[_xN\]: (`\w+`|\w+) \})/g;
const CONSTANT = /^const (\w+) = "(\w+)";$/gm;

/** The same schemas without a name in requests that is the one in answers with a capital: where there is none, the SDK makes it so. */
export function withoutSameNames(code: string): string {
  const constants = new Map([...code.matchAll(CONSTANT)].map(([, name, value = '']) => [name, value]));
  const textOf = (written: string) => (written.startsWith('`') ? written.slice(1, -1) : (constants.get(written) ?? ''));
  return code.replace(BOTH_NAMES, (name: string, request: string, answer: string) => {
    const text = textOf(answer);
    return text && textOf(request) === `${text.charAt(0).toUpperCase()}${text.slice(1)}` ? '' : name;
  });
}

const fewerNames: Plugin = {
  name: 'fewer-names',
  transform: { filter: { id: /[\\/]@aws-sdk[\\/]client-ec2[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, handler: withoutSameNames },
};

/** Makes the SDK smaller in a bundle, without a change to what functions see of it. */
export const smallerSdk: readonly Plugin[] = [replaceUnused, noExtensions, fewerErrors, fewerNames, shortErrors];
