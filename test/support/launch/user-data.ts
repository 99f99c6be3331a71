import { gzipSync } from 'node:zlib';

/** User data as AWS's API has it. */
export const encoded = (text: string | Buffer): string => Buffer.from(text).toString('base64');

/** The same, compressed as Terraform's `cloudinit_config` does by default. */
export const compressed = (text: string): string => encoded(gzipSync(text));

/** A multipart message, as eksctl, the CDK and `cloud-init devel make-mime` write it. */
export function multipart(...parts: readonly { readonly type: string; readonly body: string; readonly isEncoded?: boolean }[]): string {
  const written = parts.map(({ type, body, isEncoded = false }) => {
    const headers = [`Content-Type: ${type}; charset="us-ascii"`, ...(isEncoded ? ['Content-Transfer-Encoding: base64'] : [])];
    return `--//\n${headers.join('\n')}\n\n${isEncoded ? encoded(body) : body}\n`;
  });
  return `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="//"\n\n${written.join('')}--//--\n`;
}
