import { createHmac, timingSafeEqual } from 'node:crypto';

/** A request as a Lambda function URL hands it on; header names come in lower case. */
export interface UrlRequest {
  readonly headers: { readonly [name: string]: string | undefined };
  readonly body?: string | undefined;
  readonly isBase64Encoded?: boolean | undefined;
}

/** What Slack signed, and the signature that came with it. */
export interface SignedRequest {
  readonly timestamp: string;
  readonly signature: Buffer;
  /** The bytes as they came: a signature holds for nothing else. */
  readonly body: Buffer;
}

/** How far a request's time may be from ours, in seconds, either way. */
export const SKEW_SECONDS = 300;

/** A request that carries a signature of these five minutes, right or wrong; undefined for any other. */
export function signedRequest({ headers, body = '', isBase64Encoded }: UrlRequest, now: Date): SignedRequest | undefined {
  const timestamp = headers['x-slack-request-timestamp'] ?? '';
  const hex = /^v0=([0-9a-f]{64})$/.exec(headers['x-slack-signature'] ?? '')?.[1];
  if (!hex || !/^\d{1,12}$/.test(timestamp)) return undefined;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > SKEW_SECONDS) return undefined;
  return { timestamp, signature: Buffer.from(hex, 'hex'), body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') };
}

/** Whether a request was signed with this secret; takes as long for a wrong signature as for the right one. */
export function isGenuine({ timestamp, signature, body }: SignedRequest, secret: string): boolean {
  return timingSafeEqual(createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest(), signature);
}
