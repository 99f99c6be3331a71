import type { Judged } from './judge.ts';

/** What stands between a mistake and its fix, in the order in which it is asked. */
export function gatesOf({ control, mode, settings, told }: Judged): string[] {
  if (mode === 'off') return ['The mode is off: Redress does not look.'];
  const { permissions, limit, maxMode, kind, fixesManaged } = control;
  if (told.is === 'exempt') return [told.says];
  if (kind.is === 'call' || permissions.writes.length === 0) return ['Redress reports it; nothing is there to be fixed by a call.'];
  const managed = fixesManaged
    ? []
    : ['What CloudFormation, Terraform or a service manages is skipped, and a claim of such a tool asks a person.'];
  const exempt = ['No exemption of the config holds; one that a person ordered is known to the deployed Redress alone.'];
  if (mode === 'observe' || maxMode === 'observe') return [...managed, ...exempt, 'The mode is observe: a fix is shown, and not sent.'];
  const settle =
    typeof settings['settleSeconds'] === 'number'
      ? [`A fix waits until the resource was unchanged for ${settings['settleSeconds']} s.`]
      : [];
  const approval =
    mode === 'approve'
      ? ['The mode is approve: a person has to agree first.']
      : ['The mode is fix: no person is asked, unless the plan needs one.'];
  return [...managed, ...exempt, ...approval, ...settle, `The rate limit is ${limit.fixes} fixes in ${limit.minutes} minutes.`];
}
