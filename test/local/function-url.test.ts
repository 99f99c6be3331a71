import { describe, expect, test } from 'vitest';
import { urlAnswer, urlEvent } from '../../local/runtime/function-url.ts';

const request = (body: Buffer) => ({
  method: 'POST',
  path: '/_local/slack/actions?a=1',
  headers: { host: '127.0.0.1:1', 'x-slack-signature': 'v0=1' },
  body,
});

describe('the event of a function URL', () => {
  test('carries text as it is', () => {
    expect(urlEvent(request(Buffer.from('payload=ü')), '123456789012')).toMatchObject({
      version: '2.0',
      rawPath: '/_local/slack/actions',
      rawQueryString: 'a=1',
      headers: { 'x-slack-signature': 'v0=1' },
      requestContext: { http: { method: 'POST', path: '/_local/slack/actions' } },
      body: 'payload=ü',
      isBase64Encoded: false,
    });
  });

  test('carries other bytes as base64, and nothing for nothing', () => {
    expect(urlEvent(request(Buffer.from([0xff, 0xfe])), '123456789012')).toMatchObject({ body: '//4=', isBase64Encoded: true });
    expect(urlEvent(request(Buffer.alloc(0)), '123456789012')).not.toHaveProperty('body');
  });
});

test('the answer of a function URL is what the function says, or its result as JSON', () => {
  expect(urlAnswer({ statusCode: 401, headers: { 'x-why': 'no' }, body: 'bm8=', isBase64Encoded: true })).toEqual({
    status: 401,
    headers: { 'x-why': 'no' },
    body: Buffer.from('no'),
  });
  expect(urlAnswer({ ok: true })).toMatchObject({ status: 200, body: Buffer.from('{"ok":true}') });
});
