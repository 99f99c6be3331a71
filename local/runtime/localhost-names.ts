import dns from 'node:dns';

/** Lets names below `localhost` be this machine, whatever its name server says: RFC 6761, section 6.3. */
export function resolveLocalhost(): void {
  const { lookup } = dns;
  Object.assign(dns, {
    lookup: (host: string, ...more: unknown[]) => Reflect.apply(lookup, dns, [host.endsWith('.localhost') ? '127.0.0.1' : host, ...more]),
  });
}

/** An endpoint for clients that put the account before the host, as that of S3 Control does; an address takes nothing before it. */
export function namedEndpoint(endpoint: string): string {
  return endpoint.replace('127.0.0.1', 'localhost');
}
