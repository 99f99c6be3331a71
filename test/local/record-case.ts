import type { AwsCall } from '../../local/emulator/aws-call.ts';
import type { HttpAnswer } from '../../local/http.ts';
import type { Json } from '../../local/json.ts';

/** A call, its answer, and what the record must say of both. */
export interface Case {
  readonly call: AwsCall;
  readonly answer: HttpAnswer;
  readonly request: Json;
  readonly response: Json;
}

/** An answer of EC2 as moto writes it. */
export function xml(action: string, content: string): HttpAnswer {
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15">${content}<requestId>r-1</requestId></${action}Response>`;
  return { status: 200, headers: {}, body: Buffer.from(body) };
}

/** An answer of a service of the query protocol as moto writes it. */
export function queryXml(action: string, content: string): HttpAnswer {
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<${action}Response><${action}Result>${content}</${action}Result><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${action}Response>`;
  return { status: 200, headers: {}, body: Buffer.from(body) };
}
