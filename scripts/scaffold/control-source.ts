import type { AnyKind } from '#shared/control/kind.ts';
import { article, words } from './names.ts';
import type { Subject } from './subject.ts';

/** A kind as a control imports it. */
export interface NamedKind {
  readonly kind: AnyKind;
  /** Such as `launchTemplates`. */
  readonly name: string;
}

/** A control of a resource that already works and only reports, until its author writes what it is about. */
export function controlSource(id: string, { kind, name }: NamedKind, subject: Subject): string {
  const noun = words(kind.noun);
  const { member } = subject;
  const isTag = subject.is === 'name';
  const thing = isTag ? 'Name tag' : member;
  const judgement = isTag
    ? `inspectOne: ({ ${member} }) => ({ name: tagOf(allTags(${member}), 'Name') }),

judge: ({ name }): Verdict => name
? { is: 'compliant', says: \`The ${noun} is named \${name}.\` }
: { is: 'violation', says: 'The ${noun} has no Name tag.', advice: ['Give it a tag with the key Name.'] },

before: ({ name }) => ({ name: name ?? null }),`
    : `inspectOne: ({ ${member} }) => ({ isSet: ${member} !== undefined }),

judge: ({ isSet }): Verdict => isSet
? { is: 'compliant', says: 'The ${noun} has ${article(member)}.' }
: { is: 'violation', says: 'The ${noun} has no ${member}.', advice: ['Give it ${article(member)}.'] },

before: ({ isSet }) => ({ isSet }),`;
  const reference = referenceOf(kind.type);
  return `${head(isTag ? "import { allTags, tagOf } from '#shared/control/tag.ts';\n" : '', name)}
export default defineControl(${name}, {
id: '${id}',
${TOY}
title: '${kind.plural} have ${article(thing)}',
why: blank('what happens to people where this is not so'),
${REPORTS}
triggers: [...${name}.created],
references: ['${reference}'],
iac: {
cloudFormation: \`set \${blank('the property that sets it right')} on the ${kind.type}.\`,
terraform: \`set \${blank('the argument of Terraform that sets it right, and of which resource')}.\`,
},
${PREVENTION}

${judgement}
});
`;
}

/** A control of an account setting: it wants the setting to have a value. */
export function settingControlSource(id: string, { kind, name }: NamedKind, key: string): string {
  return `${head('', name)}
export default defineControl(${name}, {
id: '${id}',
${TOY}
title: '${kind.plural} has a value',
why: blank('what happens to people where this is not so'),
${REPORTS}
triggers: [...${name}.created],
references: [blank('the page of AWS about the setting')],
iac: {
cloudFormation: \`set \${blank('the property and its type, or say that CloudFormation cannot')}.\`,
terraform: \`set \${blank('the argument of Terraform that sets it right, and of which resource')}.\`,
},
${PREVENTION}

inspectOne: ({ state }) => state,

judge: ({ ${key} }): Verdict => ${key}
? { is: 'compliant', says: \`The setting ${key} is \${${key}}.\` }
: { is: 'violation', says: 'The setting ${key} is off, or has no value.', advice: ['Give it one.'] },

before: (state) => state,
});
`;
}

/** A control that reports calls. */
export function callControlSource(id: string, { kind, name }: NamedKind): string {
  return `import { blank } from '#shared/control/blank.ts';
import { defineCall } from '#shared/control/call.ts';
import { ${name} } from './kind.ts';

export default defineCall(${name}, {
id: '${id}',
title: '${kind.plural} are reported',
why: blank('what such a call does to people'),
severity: 'low',
// stays off until every blank is filled in
defaultMode: 'off',
references: [blank('the page of AWS about the call')],
iac: { cloudFormation: \`set \${blank('what code sets so that nobody needs the call')}.\` },
${PREVENTION}

// what of the record is kept, as an allow-list: never a value that could be secret; undefined for a call not worth a finding
factsOf: ({ eventName }) => ({ eventName }),

judge: ({ eventName }) => ({ is: 'violation', says: \`\${eventName} was called.\`, advice: ['Ask the caller why.'] }),
});
`;
}

const TOY = '// what this file begins with works: change title, why, inspectOne and judge to what the control is about';

const PREVENTION = `prevention: { none: \`Not known yet: \${blank('the policy of an organization that prevents it, or why none does')}.\` },`;

const REPORTS = `remediation: 'Reports only; changes nothing.',
severity: 'low',
// stays off until every blank is filled in
defaultMode: 'off',
// take this line away once \`plan\` proposes something
maxMode: 'observe',`;

function head(imports: string, name: string): string {
  return `import { blank } from '#shared/control/blank.ts';
import { defineControl, type Verdict } from '#shared/control/control.ts';
${imports}import { ${name} } from './kind.ts';
`;
}

function referenceOf(type: string): string {
  const [, service = '', name = ''] = type.split('::');
  return type === 'AWS::EC2::Image'
    ? 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html'
    : `https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-${service.toLowerCase()}-${name.toLowerCase()}.html`;
}
