import {
  type Component,
  GetComponentCommand,
  ListComponentBuildVersionsCommand,
  ListComponentsCommand,
} from '@aws-sdk/client-imagebuilder';
import { oneByOne } from '#shared/aws/loaders.ts';
import type { Part, Permission, Reader } from '#shared/control/types.ts';
import { type FoundInLines, secretsInLines } from '#shared/detect/lines.ts';
import { builderKind, pageOf, reading } from '../builder.ts';

const resource = 'component';

/** A build version of a component without its text, which may hold secrets: only what was found in it is kept. */
export type Built = Omit<Component, 'data'> & { readonly found: FoundInLines | undefined };

/** What it takes to list the account's own components. */
export const componentLists: readonly Permission[] = [
  { action: 'imagebuilder:ListComponents' },
  { action: 'imagebuilder:ListComponentBuildVersions' },
];

/** Components of EC2 Image Builder that belong to the account: the scripts that build and test images. */
export const components = builderKind<Built>({
  noun: 'component',
  plural: 'Image Builder components',
  type: 'AWS::ImageBuilder::Component',
  resource,
  made: ['CreateComponent', 'ImportComponent'],
  member: 'componentBuildVersionArn',
  unwatched: {
    'It gives other accounts access, which `image-builder-shared-known` judges.': ['PutComponentPolicy'],
    'Most such calls are about sound components, and each would cost an invocation.': ['DeleteComponent'],
  },
  reads: [reading('GetComponent'), ...componentLists],
  items: oneByOne(
    'components',
    (componentBuildVersionArn) => new GetComponentCommand({ componentBuildVersionArn }),
    ({ component }) => component && withoutText(component),
  ),
  list: (read, _place, from) => pageOfComponents(read, from),
  fields: async ({ description = '', changeDescription = '' }) => [
    { name: 'description', value: description },
    { name: 'description of the change', value: changeDescription },
  ],
  fieldsAdvice: 'A component cannot be changed: make a new version without that text, and delete this one.',
  terraform: 'aws_imagebuilder_component',
  texts: ['Description', 'ChangeDescription'],
});

/** The build versions of a page of the account's own components, by ARN. */
export async function pageOfComponents(read: Reader, from: string | undefined): Promise<Part<string>> {
  const { items, ...rest } = await pageOf(
    read,
    (page) => new ListComponentsCommand({ owner: 'Self', ...page }),
    ({ componentVersionList }) => componentVersionList,
    from,
  );
  const builds = await Promise.all(items.map(({ arn }) => (arn ? buildsOf(arn, read) : [])));
  return { ...rest, items: builds.flat() };
}

/** [U] AWS lists versions, and shows a component by its build version. */
async function buildsOf(componentVersionArn: string, read: Reader): Promise<string[]> {
  const found: string[] = [];
  let from: string | undefined;
  do {
    const { items, next } = await pageOf(
      read,
      (page) => new ListComponentBuildVersionsCommand({ componentVersionArn, ...page }),
      ({ componentSummaryList }) => componentSummaryList,
      from,
    );
    found.push(...items.flatMap(({ arn }) => arn ?? []));
    from = next;
  } while (from);
  return found;
}

function withoutText({ data, ...component }: Component): Built {
  return { ...component, found: data === undefined ? undefined : secretsInLines(data) };
}
