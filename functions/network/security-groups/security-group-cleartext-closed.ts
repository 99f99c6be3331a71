import { closesPorts } from './closes-ports.ts';
import { CLEARTEXT } from './ports.ts';

export default closesPorts({
  id: 'security-group-cleartext-closed',
  title: 'Security groups keep plaintext protocols and databases from the world',
  why: 'Passwords and data of such protocols can be read on their way, and databases on the internet are found and emptied.',
  defaultMode: 'observe',
  ports: CLEARTEXT,
  about: 'The ports that must not be open to the world; add `80` for HTTP, which then only load balancers may serve.',
});
