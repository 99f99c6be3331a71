import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Secret } from '#shared/control/secret.ts';
import { compressed, encoded, multipart } from '../../test/support/launch/user-data.ts';
import { digestOf, textsOf } from './user-data.ts';

const script = '#!/bin/bash\necho hello\n';
const open = (base64: string) => textsOf(new Secret(base64));
const named = (base64: string) => open(base64).parts.map(({ name, text }) => [name, text.trim()]);

describe('user data is read', () => {
  test('as text', () => expect(named(encoded(script))).toEqual([['', script.trim()]]));
  test('as UTF-16 of Windows', () => {
    expect(named(encoded(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('<script>', 'utf16le')])))).toEqual([['', '<script>']]);
  });
  test('compressed', () => expect(named(compressed(script))).toEqual([['', script.trim()]]));
  test('encoded twice', () => expect(named(encoded(encoded(script)))).toEqual([['', script.trim()]]));
  test('compressed within base64, in lines, as `base64` wraps it', () => {
    const text = compressed(`${script}${Array.from({ length: 40 }, (_, n) => `echo ${n} $RANDOM`).join('\n')}`);
    expect(named(encoded(text.replace(/.{76}/g, '$&\n')))[0]?.[1]).toContain('echo 39 $RANDOM');
  });

  test('part by part', () => {
    const message = multipart(
      { type: 'text/cloud-config', body: '#cloud-config' },
      { type: 'text/x-shellscript', body: script, isEncoded: true },
    );
    const expected = [
      ['its head', expect.stringContaining('multipart/mixed')],
      ['part 1', 'Content-Type: text/cloud-config; charset="us-ascii"\n\n#cloud-config'],
      ['part 2', script.trim()],
      ['part 3', '--'],
    ];
    expect(named(encoded(message))).toEqual(expected);
    expect(named(compressed(message))).toEqual(expected);
  });

  test('part by part where no empty line ends the headers', () => {
    const message = 'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/x-shellscript\n#!/bin/bash\necho hello\n--x--\n';
    expect(named(encoded(message))[1]).toEqual(['part 1', 'Content-Type: text/x-shellscript\n#!/bin/bash\necho hello']);
  });

  test('with the files that it writes', () => {
    const file = encoded(gzipSync('listen 80'));
    expect(named(encoded(`#cloud-config\nwrite_files:\n- encoding: gz+b64\n  content: ${file}\n`))[1]).toEqual([
      'compressed file 1',
      'listen 80',
    ]);
    const wrapped = compressed(`listen 80 ${Array.from({ length: 40 }, (_, n) => `${n} ${n * 7919}`).join(' ')}`).replace(
      /.{60}/g,
      '$&\n    ',
    );
    const read = open(encoded(`#cloud-config\nwrite_files:\n- content: !!binary |\n    ${wrapped}\n  path: /etc/x\n`));
    expect([read.isWhole, read.parts[1]?.text]).toEqual([true, expect.stringMatching(/^listen 80 .* 39 308841$/)]);
    const ignition = '{"source": "data:,USER%3Dcore%0A", "other": "data:,%zz"}';
    expect(named(encoded(ignition))).toEqual([['', '{"source": "data:,USER=core\n", "other": "data:,%zz"}']]);
  });
});

describe('what cannot be read is said', () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000));
  test.each([
    ['10 MB in 10 KB', encoded(bomb)],
    ['the same within itself', compressed(`H4sI${bomb.toString('base64').slice(4)}`)],
    ['something that only begins like a compressed file', encoded(Buffer.from([0x1f, 0x8b, 1, 2, 3]))],
    ['a file that is cut off', compressed('x'.repeat(2000)).slice(0, 24)],
    ['more wrappings than anybody makes', Array.from({ length: 6 }).reduce<string>((inner) => encoded(inner), 'x'.repeat(40))],
    ['a message of very many parts', encoded(`Content-Type: multipart/mixed; boundary=x\n\n${'--x\n'.repeat(200)}`)],
    ['a text that is too long', encoded('x y '.repeat(40_000))],
  ])('%s', (_what, base64) => expect(open(base64).isWhole).toBe(false));

  test('and what is readable beside it is read', () => {
    const parts = open(encoded(multipart({ type: 'text/x-shellscript', body: script }, { type: 'x', body: `H4sI${'A'.repeat(40)}` })));
    expect(parts.isWhole).toBe(false);
    expect(parts.parts[1]?.text).toContain('echo hello');
  });
});

test.each(['data:,', 'H4sI', '--x\n', '= ', 'content-type: multipart/x;\n'])('128 KB of %j take no time', (part) => {
  const started = performance.now();
  open(compressed(part.repeat(131_000 / part.length)));
  expect(performance.now() - started).toBeLessThan(2000);
});

test('a digest tells two apart, and neither it nor a text shows in a mask', () => {
  const [one, other] = [new Secret(encoded('a')), new Secret(encoded('b'))];
  expect(digestOf(one)).toBe(digestOf(new Secret(encoded('a'))));
  expect(digestOf(one)).not.toBe(digestOf(other));
});
