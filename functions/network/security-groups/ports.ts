import * as v from 'valibot';
import { isLarge, isPrivate, spanOf } from './cidr.ts';
import type { Ports } from './reach.ts';

/** What usually listens on a port, for people; a range is written as the settings write it. */
const names: { readonly [ports: string]: string } = {
  '20-21': 'FTP',
  '22': 'SSH',
  '23': 'Telnet',
  '25': 'SMTP',
  '69/udp': 'TFTP',
  '80': 'HTTP',
  '110': 'POP3',
  '137-138/udp': 'NetBIOS',
  '139': 'NetBIOS',
  '143': 'IMAP',
  '161/udp': 'SNMP',
  '389': 'LDAP',
  '389/udp': 'LDAP',
  '445': 'SMB',
  '512-514': 'rexec, rlogin and rsh',
  '873': 'rsync',
  '1433': 'SQL Server',
  '2049': 'NFS',
  '2375': 'Docker',
  '3306': 'MySQL',
  '3389': 'RDP',
  '3389/udp': 'RDP',
  '5432': 'PostgreSQL',
  '5985-5986': 'WinRM',
  '6379': 'Redis',
  '9200': 'Elasticsearch',
  '11211': 'Memcached',
  '11211/udp': 'Memcached',
  '27017': 'MongoDB',
};

/** What people and programs log in with. */
export const ADMIN = ['22', '3389', '3389/udp', '5985-5986'] as const;

/** What sends passwords and data as plaintext unless it is set up otherwise, and databases, which the world has no need to reach. */
export const CLEARTEXT = Object.keys(names).filter((ports) => ports !== '80' && !ADMIN.some((one) => one === ports));

const written = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp))?$/;

/** A setting that lists ports as `22`, `5985-5986` or `161/udp`; TCP where it says no protocol. */
export function listOfPorts(description: string, byDefault?: readonly string[]) {
  const port = v.pipe(
    v.string(),
    v.check((text) => portsIn(text) !== undefined, 'is not a port such as 22, 5985-5986 or 161/udp'),
  );
  return v.pipe(v.optional(v.array(port), [...(byDefault ?? [])]), v.description(description));
}

/** Ports as settings write them; what is none is left out, as the schema refuses it. */
export function portsOfSetting(list: readonly string[]): Ports[] {
  return list.flatMap((text) => portsIn(text) ?? []);
}

/** Ports as a sentence names them. */
export function portsText(list: readonly Ports[]): string {
  return list.map(portText).join(', ');
}

/** At most one block of each family, none of which is the world itself. */
export const replaceBy = v.pipe(
  v.optional(
    v.pipe(
      v.array(
        v.pipe(
          v.string(),
          v.check((block) => {
            const span = block.includes('/') ? spanOf(block) : undefined;
            return span !== undefined && (isPrivate(span) || !isLarge(span));
          }, 'is not a block such as 10.0.0.0/8, or is public and larger than a /8 (of IPv6 a /16)'),
        ),
      ),
      v.check((blocks) => new Set(blocks.map((block) => block.includes(':'))).size === blocks.length, 'has two blocks of one family'),
    ),
    [],
  ),
  v.description(
    'Blocks that take the place of the world, at most one of IPv4 and one of IPv6: the rule keeps its id. Absent means that the rule is revoked.',
  ),
);

function portsIn(text: string): Ports | undefined {
  const [, first, last = first, protocol = 'tcp'] = written.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === undefined || from > to || to > 65_535) return undefined;
  return { protocol: protocol === 'udp' ? 'udp' : 'tcp', from, to };
}

function portText({ protocol, from, to }: Ports): string {
  const range = from === to ? `${from}` : `${from}-${to}`;
  const key = protocol === 'udp' ? `${range}/udp` : range;
  const name = names[key];
  return name === undefined ? `${protocol.toUpperCase()} ${range}` : `${name} (${key})`;
}
