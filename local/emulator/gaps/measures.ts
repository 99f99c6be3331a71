import type { HttpAnswer } from '../../http.ts';
import type { Additions } from './addition.ts';

const refusal = { __type: 'NotMeasured', message: 'The local cloud measures nothing.' };

/** CloudWatch's metrics, of which there are none here; moto cannot read the protocol in which they are asked for. */
export const measures: Additions = {
  async 'cloudwatch:GetMetricData'() {
    return cborAnswer(refusal, 400);
  },
};

/** An answer of the CBOR protocol: an object of short texts. */
function cborAnswer(body: { readonly [key: string]: string }, status: number): HttpAnswer {
  const entries = Object.entries(body);
  return {
    status,
    headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    body: Buffer.concat([Buffer.from([0xa0 + entries.length]), ...entries.flat().map(cborText)]),
  };
}

// https://www.rfc-editor.org/rfc/rfc8949#section-3.1: major type 3, its length in one byte of its own
function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x78, bytes.length]), bytes]);
}
