import { closesPorts } from './closes-ports.ts';
import { ADMIN } from './ports.ts';

export default closesPorts({
  id: 'security-group-admin-closed',
  title: 'Security groups keep SSH, RDP and WinRM from the world',
  why: 'Whoever scans the internet finds an open login within minutes, and tries passwords and known flaws on it.',
  defaultMode: 'approve',
  ports: ADMIN,
  about: 'The ports that must not be open to the world, such as `22`, `5985-5986` or `161/udp`.',
});
