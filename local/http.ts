import { type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** An HTTP request as a whole. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An HTTP answer as a whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: Buffer;
}

/** Reads all of a message's body. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Sends a request to a server and reads the whole answer, unless the signal ends it. */
export function forward(endpoint: string, { method, path, headers, body }: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { 'transfer-encoding': _, ...kept } = headers;
    const all = { ...kept, 'content-length': body.length, connection: 'close' };
    const sent = request(endpoint + path, { method, headers: all, ...(signal && { signal }) });
    sent.on('error', reject);
    sent.on('response', (response) => {
      readBody(response).then((read) => resolve({ status: response.statusCode ?? 502, headers: response.headers, body: read }), reject);
    });
    sent.end(body);
  });
}

/** Writes an answer to a client. */
export function respond(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  const { connection: _, 'transfer-encoding': __, ...kept } = headers;
  response.writeHead(status, { ...kept, 'content-length': body.length });
  response.end(body);
}

/** An answer of JSON. */
export function jsonAnswer(value: unknown, status = 200, type = 'application/json'): HttpAnswer {
  return { status, headers: { 'content-type': type }, body: Buffer.from(`${JSON.stringify(value)}\n`) };
}
