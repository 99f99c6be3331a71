import type { NamedKind } from './control-source.ts';
import { blankCode } from './kind-source.ts';
import { camel, pluralOf, words } from './names.ts';

/** The source of a `kind.ts` of calls; which calls, only its author knows. */
export function callKindSource(id: string): string {
  const noun = id.split('-').slice(0, -1).join('-');
  return `import { blank } from '#shared/control/blank.ts';
import { callKind } from '#shared/control/call.ts';

/** Calls that are worth a finding by themselves: one finding for each caller and day. */
export const ${camel(pluralOf(noun))} = callKind({
noun: '${noun}',
plural: 'Calls of ${words(noun)}',
eventSource: \`\${${blankCode('the service as CloudTrail names it, such as signin')}}.amazonaws.com\`,
eventNames: [${blankCode('the calls, such as ConsoleLogin')}],
});
`;
}

/** A call control's test: there is no world, for the record is all that is known. */
export function callTestSource(id: string, { name }: NamedKind, up: string): string {
  return `import { sendWith } from '#shared/aws/clients.ts';
import { creationOf } from '${up}/test/fixtures/events.ts';
import { testControl } from '${up}/test/support/tester.ts';
import { ${name} } from './kind.ts';
import control from './${id}.ts';

const world = () => ({ send: sendWith({}) });

testControl(control, {
valid: [],
invalid: [
{
name: 'a call',
world,
event: creationOf(${name}, ''),
mode: 'observe',
sends: [],
status: 'open',
says: /was called/,
advice: /Ask the caller/,
},
],
skipped: [],
});
`;
}
