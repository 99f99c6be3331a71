import type { Check } from '../check.ts';
import { code } from './code.ts';
import { config } from './config.ts';
import { deadLetters } from './dead-letters.ts';
import { errors } from './errors.ts';
import { functions } from './functions.ts';
import { mappings } from './mappings.ts';
import { matches } from './matches.ts';
import { members } from './members.ts';
import { modes } from './modes.ts';
import { pause } from './pause.ts';
import { permissions } from './permissions.ts';
import { queues } from './queues.ts';
import { roles } from './roles.ts';
import { rules } from './rules.ts';
import { slack } from './slack.ts';
import { stack } from './stack.ts';
import { subscriptions } from './subscriptions.ts';
import { sweeps } from './sweeps.ts';
import { targets } from './targets.ts';
import { trail } from './trail.ts';

/** Every check, in the order of the way from a call to its alert. */
export const checks: readonly Check[] = [
  stack,
  config,
  code,
  modes,
  pause,
  trail,
  rules,
  targets,
  matches,
  sweeps,
  members,
  queues,
  mappings,
  functions,
  errors,
  deadLetters,
  roles,
  permissions,
  subscriptions,
  slack,
];
