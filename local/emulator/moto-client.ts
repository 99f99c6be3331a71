import { forward, type HttpAnswer, type HttpRequest } from '../http.ts';
import { isObject, type JsonObject, parseJson } from '../json.ts';
import { parseAnswer } from './ec2-xml.ts';

const targets = {
  sqs: 'AmazonSQS',
  events: 'AWSEvents',
  ssm: 'AmazonSSM',
  logs: 'Logs_20140328',
  kms: 'TrentService',
  cloudtrail: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101',
} as const;

/** Calls moto directly, so that neither records nor counts see it. */
export class MotoClient {
  readonly #moto: { endpoint: string };
  readonly #account: string | undefined;

  constructor(moto = { endpoint: '' }, account?: string) {
    this.#moto = moto;
    this.#account = account;
  }

  /** Where moto answers; set once it does. */
  get endpoint(): string {
    return this.#moto.endpoint;
  }

  set endpoint(endpoint: string) {
    this.#moto.endpoint = endpoint;
  }

  /** The same in an account; without one, moto takes its own. */
  in(account: string): MotoClient {
    return new MotoClient(this.#moto, account);
  }

  get #headers(): { readonly [name: string]: string } {
    return this.#account === undefined ? {} : { 'x-moto-account-id': this.#account };
  }

  /** Calls a service of the JSON protocol; throws if the call fails, or the signal ends it. */
  async json(service: keyof typeof targets, action: string, body: JsonObject, region: string, signal?: AbortSignal): Promise<JsonObject> {
    const headers = {
      ...signed(service, region),
      ...this.#headers,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${targets[service]}.${action}`,
    };
    const answer = await forward(this.endpoint, { method: 'POST', path: '/', headers, body: Buffer.from(JSON.stringify(body)) }, signal);
    const json = parseJson(answer.body.toString('utf8'));
    if (answer.status >= 400)
      throw new Error(`moto refused ${service}:${action} (${answer.status}): ${answer.body.toString('utf8').slice(0, 500)}`);
    return isObject(json) ? json : {};
  }

  /** Asks whether there is a bucket of a name (HEAD), or makes one (PUT); answers whether it went well. */
  async bucket(method: 'HEAD' | 'PUT', name: string, region: string): Promise<boolean> {
    const headers = { ...signed('s3', region), ...this.#headers };
    const answer = await forward(this.endpoint, { method, path: `/${encodeURIComponent(name)}`, headers, body: Buffer.alloc(0) });
    return answer.status < 400;
  }

  /** Calls EC2 and answers what moto answered. */
  ec2(action: string, parameters: { readonly [name: string]: string }, region: string): Promise<HttpAnswer> {
    return this.query('ec2', action, { Version: '2016-11-15', ...parameters }, region);
  }

  /** Calls a service of the query protocol and answers what moto answered. */
  query(service: string, action: string, parameters: { readonly [name: string]: string }, region: string): Promise<HttpAnswer> {
    const request = queryRequest(service, { Action: action, ...parameters }, region);
    return forward(this.endpoint, { ...request, headers: { ...request.headers, ...this.#headers } });
  }

  /** The text of an object of S3 by its path, bucket first; undefined where there is none. */
  async object(path: string, region: string): Promise<string | undefined> {
    const answer = await forward(this.endpoint, {
      method: 'GET',
      path,
      headers: { ...signed('s3', region), ...this.#headers },
      body: Buffer.alloc(0),
    });
    return answer.status < 400 ? answer.body.toString('utf8') : undefined;
  }

  /** Reads from EC2; a failure is an empty answer. */
  async readEc2(action: string, parameters: { readonly [name: string]: string }, region: string): Promise<JsonObject> {
    const answer = await this.ec2(action, parameters, region);
    return answer.status < 400 ? parseAnswer(answer.body) : {};
  }
}

/** A request of the query protocol as moto takes it. */
export function queryRequest(service: string, parameters: { readonly [name: string]: string }, region: string): HttpRequest {
  const headers = { ...signed(service, region), 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  return { method: 'POST', path: '/', headers, body: Buffer.from(new URLSearchParams(parameters).toString()) };
}

// moto checks no signature; it reads the service and the Region from it.
function signed(service: string, region: string): { authorization: string } {
  return { authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0` };
}
