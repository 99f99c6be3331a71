import {
  GetComponentPolicyCommand,
  GetContainerRecipePolicyCommand,
  GetImagePolicyCommand,
  GetImageRecipePolicyCommand,
  ListImageBuildVersionsCommand,
  ListImagesCommand,
} from '@aws-sdk/client-imagebuilder';
import { ifThere } from '#shared/aws/loaders.ts';
import { valuesAt } from '#shared/control/example.ts';
import { kindOf } from '#shared/control/kind.ts';
import type { Loader, Part, Permission, Reader } from '#shared/control/types.ts';
import { anyOf, eventSource, isOf, pageOf, reading } from '../builder.ts';
import { componentLists, pageOfComponents } from '../components/kind.ts';
import { containerRecipeLists, pageOfContainerRecipes } from '../container-recipes/kind.ts';
import { pageOfRecipes, recipeLists } from '../recipes/kind.ts';

/** Not a type of CloudFormation's: the policy of a component, a recipe or an image, which stands for what is shared of it. */
const SHARING = 'AWS::ImageBuilder::ResourcePolicy';

/** The policy of one resource; without one it is shared with nobody. */
export interface Policy {
  readonly text: string | undefined;
}

/** Each type that can be shared: how its policy is read, and how its own are listed. */
const shareable: readonly {
  readonly resource: string;
  readonly member: string;
  readonly policyOf: (arn: string, read: Reader) => Promise<{ policy?: string | undefined }>;
  readonly page: (read: Reader, from: string | undefined) => Promise<Part<string>>;
}[] = [
  {
    resource: 'component',
    member: 'componentArn',
    policyOf: (componentArn, read) => read(new GetComponentPolicyCommand({ componentArn })),
    page: pageOfComponents,
  },
  {
    resource: 'image-recipe',
    member: 'imageRecipeArn',
    policyOf: (imageRecipeArn, read) => read(new GetImageRecipePolicyCommand({ imageRecipeArn })),
    page: pageOfRecipes,
  },
  {
    resource: 'container-recipe',
    member: 'containerRecipeArn',
    policyOf: (containerRecipeArn, read) => read(new GetContainerRecipePolicyCommand({ containerRecipeArn })),
    page: pageOfContainerRecipes,
  },
  {
    resource: 'image',
    member: 'imageArn',
    policyOf: (imageArn, read) => read(new GetImagePolicyCommand({ imageArn })),
    page: pageOfImages,
  },
];

const reads: readonly Permission[] = [
  reading('GetComponentPolicy'),
  reading('GetImageRecipePolicy'),
  reading('GetContainerRecipePolicy'),
  reading('GetImagePolicy'),
  ...componentLists,
  ...recipeLists,
  ...containerRecipeLists,
  { action: 'imagebuilder:ListImages' },
  { action: 'imagebuilder:ListImageBuildVersions' },
];

const policiesByArn: Loader<Policy> = {
  name: 'policies of Image Builder',
  max: 10,
  load: async (ids, read) => {
    const found = ids.map(async (id): Promise<[string, Policy][]> => {
      const its = shareable.find(({ resource }) => id.split(':')[5]?.startsWith(`${resource}/`));
      // [U] AWS says of what has no policy that it is not found, and of what is gone the same
      return its ? [[id, { text: (await ifThere(its.policyOf(id, read)))?.policy }]] : [];
    });
    return new Map((await Promise.all(found)).flat());
  },
};

/** What other accounts may use of Image Builder's components, recipes and images. */
export const policies = kindOf<Policy>({
  noun: 'image-builder',
  plural: 'Shares of Image Builder’s resources',
  type: SHARING,
  eventSource,
  arn: anyOf('component').replace('*', '{id}'),
  // [U] AWS documents no page of one resource
  console: '/imagebuilder/home?region={region}',
  securityHub: 'Other',
  created: {
    PutComponentPolicy: 'requestParameters.componentArn',
    PutImageRecipePolicy: 'requestParameters.imageRecipeArn',
    PutContainerRecipePolicy: 'requestParameters.containerRecipeArn',
    PutImagePolicy: 'requestParameters.imageArn',
  },
  members: shareable.map(({ member }) => member),
  unwatched: { 'Its tags give nobody access.': ['TagResource', 'UntagResource'] },
  reads,
  items: policiesByArn,
  targets(record, { account }) {
    const ids = [
      ...shareable.flatMap(({ member }) => valuesAt(record, `requestParameters.${member}`)),
      // [U] how AWS RAM's records name what a share is made of, or given besides
      ...valuesAt(record, 'requestParameters.resourceArns[]').filter((arn) => arn.includes(':imagebuilder:')),
    ];
    return ids.filter((id) => isOf(id, account)).map((id) => ({ type: SHARING, id }));
  },
  // one list after the other: where the next page is not of the first, its list stands before it
  async list(read, _place, from) {
    const [, list = '0', token] = /^(?:(\d)\|)?(.*)$/s.exec(from ?? '') ?? [];
    const n = Number(list);
    const { items, next } = (await shareable[n]?.page(read, token || undefined)) ?? { items: [] };
    if (next) return { items, next: n === 0 ? next : `${n}|${next}` };
    return { items, ...(n + 1 < shareable.length && { next: `${n + 1}|` }) };
  },
});

/** The build versions of a page of the account's own images. */
async function pageOfImages(read: Reader, from: string | undefined): Promise<Part<string>> {
  const { items, ...rest } = await pageOf(
    read,
    (page) => new ListImagesCommand({ owner: 'Self', ...page }),
    ({ imageVersionList }) => imageVersionList,
    from,
  );
  const builds = items.map(async ({ arn: imageVersionArn }) => {
    if (imageVersionArn === undefined) return [];
    const page = await pageOf(
      read,
      (asked) => new ListImageBuildVersionsCommand({ imageVersionArn, ...asked }),
      ({ imageSummaryList }) => imageSummaryList,
      undefined,
    );
    return page.items.flatMap(({ arn }) => arn ?? []);
  });
  return { ...rest, items: (await Promise.all(builds)).flat() };
}
