import type { AwsCall } from '../../local/emulator/aws-call.ts';
import { readCall } from '../../local/emulator/aws-call.ts';
import { parseAnswer } from '../../local/emulator/ec2-xml.ts';
import type { JsonObject } from '../../local/json.ts';
import { userCredentials } from '../../local/trail/callers.ts';

/** What an answer of the endpoint says. */
export interface Said {
  readonly status: number;
  readonly text: string;
  readonly xml: JsonObject;
}

/** The headers that sign a call, as far as anybody here looks. */
function signature(service: string, key: string = userCredentials.accessKeyId, region = 'us-east-1'): { authorization: string } {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/20261122/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  };
}

/** How a client of the SDK calls an endpoint as the user. */
export function client(endpoint: string) {
  return { endpoint, region: 'us-east-1', credentials: userCredentials, maxAttempts: 1 };
}

/** Sends a call of EC2 to an endpoint. */
export async function ec2(
  endpoint: string,
  action: string,
  parameters: { readonly [name: string]: string } = {},
  headers: { readonly [name: string]: string } = {},
): Promise<Said> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...signature('ec2'), 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'test', ...headers },
    body: new URLSearchParams({ Action: action, Version: '2016-11-15', ...parameters }).toString(),
  });
  const text = await response.text();
  return { status: response.status, text, xml: parseAnswer(Buffer.from(text)) };
}

/** Sends a call of a JSON service to an endpoint. */
export async function json(endpoint: string, service: string, target: string, body: object): Promise<JsonObject> {
  const headers = { ...signature(service), 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await response.json()) as JsonObject;
}

/** A call of EC2 as the proxy reads it. */
export function ec2Call(action: string, parameters: { readonly [name: string]: string } = {}, userAgent = 'aws-cli/2.17'): AwsCall {
  return queryCall('ec2', action, { Version: '2016-11-15', ...parameters }, userAgent);
}

/** A call of a service of the query protocol as the proxy reads it. */
export function queryCall(
  service: string,
  action: string,
  parameters: { readonly [name: string]: string } = {},
  userAgent = 'aws-cli/2.17',
): AwsCall {
  const body = Buffer.from(new URLSearchParams({ Action: action, ...parameters }).toString());
  return read({ ...signature(service), 'content-type': 'application/x-www-form-urlencoded', 'user-agent': userAgent }, body);
}

/** A call of a JSON service as the proxy reads it. */
export function jsonCall(service: string, target: string, body: object): AwsCall {
  return read({ ...signature(service), 'x-amz-target': target, 'user-agent': 'aws-cli/2.17' }, Buffer.from(JSON.stringify(body)));
}

/** A call of a REST service as the proxy reads it. */
export function restCall(service: string, method: string, path: string, body: object | string = ''): AwsCall {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { ...signature(service), host: 'localhost', 'user-agent': 'aws-cli/2.17' };
  return known(readCall({ method, path, headers, body: Buffer.from(text) }, '192.0.2.7'));
}

function read(headers: { readonly [name: string]: string }, body: Buffer): AwsCall {
  return known(readCall({ method: 'POST', path: '/', headers, body }, '192.0.2.7'));
}

function known(call: AwsCall | undefined): AwsCall {
  if (call === undefined) throw new Error('not read as a call');
  return call;
}
