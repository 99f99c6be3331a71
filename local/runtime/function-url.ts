import { randomUUID } from 'node:crypto';
import type { HttpAnswer, HttpRequest } from '../http.ts';
import { compact, isObject, type Json, type JsonObject, stringAt } from '../json.ts';

/** The event that a function gets from its URL: payload format 2.0, with a body that is not UTF-8 text as base64. */
export function urlEvent({ method, path, headers, body }: HttpRequest, account: string): JsonObject {
  const { pathname, search } = new URL(path, 'http://localhost');
  const text = body.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(body);
  const now = new Date();
  const host = headers.host ?? 'localhost';
  return compact({
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers: Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))),
    requestContext: {
      accountId: 'anonymous',
      apiId: account,
      domainName: host,
      domainPrefix: host.split('.')[0] ?? host,
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: headers['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    body: body.length === 0 ? undefined : isText ? text : body.toString('base64'),
    isBase64Encoded: !isText,
  });
}

/** What the caller of a URL gets for a function's result: its status and body, or the whole result as JSON. */
export function urlAnswer(result: Json): HttpAnswer {
  const status = isObject(result) ? result['statusCode'] : undefined;
  if (typeof status !== 'number')
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(result)) };
  const headers = isObject(result) && isObject(result['headers']) ? result['headers'] : {};
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: Buffer.from(stringAt(result, 'body') ?? '', isObject(result) && result['isBase64Encoded'] === true ? 'base64' : 'utf8'),
  };
}

/** What the caller gets when the function failed, as Lambda answers it. */
export const failedAnswer: HttpAnswer = { status: 502, headers: {}, body: Buffer.from('Internal Server Error') };
