import type {
  Component,
  ContainerRecipe,
  DistributionConfiguration,
  ImagePipeline,
  ImageRecipe,
  InfrastructureConfiguration,
} from '@aws-sdk/client-imagebuilder';
import { actionOf } from '#shared/aws/actions.ts';
import { expectListed } from '../../fixtures/secrets.ts';
import { type Answers, answerTo } from '../answers.ts';
import { awsError, place, type World } from '../harness.ts';

/** What there is, by name or `name/version`, as AWS shows it; members that no SDK knows included. */
export interface Account {
  readonly distributions?: { readonly [name: string]: Partial<DistributionConfiguration> & object };
  readonly infrastructures?: { readonly [name: string]: Partial<InfrastructureConfiguration> & object };
  readonly recipes?: { readonly [version: string]: Partial<ImageRecipe> & object };
  readonly containers?: { readonly [version: string]: Partial<ContainerRecipe> & object };
  readonly components?: { readonly [build: string]: Partial<Component> & object };
  readonly pipelines?: { readonly [name: string]: Partial<ImagePipeline> & object };
  /** The ARNs of images. */
  readonly images?: readonly string[];
  /** Policies of resources by ARN. */
  readonly policies?: { readonly [arn: string]: string };
  /** What other services answer. */
  readonly others?: Answers;
  readonly refuses?: { readonly [action: string]: Error };
}

export interface BuilderWorld extends World {
  /** Everything there is, by ARN. */
  readonly all: Map<string, Stored>;
  /** Called before each call is answered; what somebody else does meanwhile. */
  meanwhile: (action: string, input: object) => void;
  send: World['send'];
}

type Stored = { [member: string]: unknown };
type Input = { readonly [member: string]: string | undefined };

/** How the calls name each type of resource: in ARNs, in requests, in answers, in lists. */
const types = {
  DistributionConfiguration: [
    'distribution-configuration',
    'distributionConfigurationArn',
    'distributionConfiguration',
    'distributionConfigurationSummaryList',
  ],
  InfrastructureConfiguration: [
    'infrastructure-configuration',
    'infrastructureConfigurationArn',
    'infrastructureConfiguration',
    'infrastructureConfigurationSummaryList',
  ],
  ImageRecipe: ['image-recipe', 'imageRecipeArn', 'imageRecipe', 'imageRecipeSummaryList'],
  ContainerRecipe: ['container-recipe', 'containerRecipeArn', 'containerRecipe', 'containerRecipeSummaryList'],
  Component: ['component', 'componentBuildVersionArn', 'component', 'componentVersionList'],
  ImagePipeline: ['image-pipeline', 'imagePipelineArn', 'imagePipeline', 'imagePipelineList'],
} as const;
type Type = keyof typeof types;
const read =
  /^imagebuilder:(Get|Update|List)(DistributionConfiguration|InfrastructureConfiguration|ImageRecipe|ContainerRecipe|Component|ImagePipeline)s?$/;

/** The ARN of a resource of the account. */
export function arnOf(type: Type, name: string, account = place.account): string {
  return `arn:aws:imagebuilder:${place.region}:${account}:${types[type][0]}/${name}`;
}

/** EC2 Image Builder, which remembers, with the rules of AWS that matter here: an update replaces the whole, and a token works once. */
export function builderWorld(account: Account = {}): BuilderWorld {
  expectListed(JSON.stringify(account.components ?? {}).replaceAll('\\n', '\n'));
  const all = new Map<string, Stored>();
  const tokens = new Map<string, { readonly of: string; readonly answer: object }>();
  const put = (type: Type, name: string, members: object) => {
    const arn = arnOf(type, name);
    const [first = '', version] = name.split('/');
    all.set(
      arn,
      structuredClone({ arn, name: first, ...(version && { version }), dateCreated: '2026-11-21T08:59:00Z', tags: {}, ...members }),
    );
  };
  const given = {
    DistributionConfiguration: account.distributions,
    InfrastructureConfiguration: account.infrastructures,
    ImageRecipe: account.recipes,
    ContainerRecipe: account.containers,
    Component: account.components,
    ImagePipeline: account.pipelines,
  };
  for (const [type, its = {}] of Object.entries(given)) for (const [name, members] of Object.entries(its)) put(type as Type, name, members);
  const policies = new Map(Object.entries(account.policies ?? {}));

  const get = (arn = ''): Stored => all.get(arn) ?? fail('ResourceNotFoundException', `The resource ${arn} cannot be found.`, 404);
  /** Does it once a token. */
  const once = (action: string, { clientToken = '', ...input }: Input, act: () => object): object => {
    const of = `${action} ${JSON.stringify(input)}`;
    const known = tokens.get(clientToken);
    if (known && known.of !== of) return fail('IdempotentParameterMismatchException', 'The token was used with other parameters.');
    const answer = known?.answer ?? { clientToken, ...act() };
    tokens.set(clientToken, { of, answer });
    return answer;
  };
  let updates = 0;

  const answers: Answers = {
    'imagebuilder:CreateImageRecipe': (input: Input) =>
      once('CreateImageRecipe', input, () => {
        const { clientToken: _, semanticVersion, ...members } = input;
        const name = `${input['name']?.toLowerCase()}/${semanticVersion}`;
        const imageRecipeArn = arnOf('ImageRecipe', name);
        if (all.has(imageRecipeArn)) fail('ResourceAlreadyExistsException', `${imageRecipeArn} already exists.`);
        put('ImageRecipe', name, { type: 'AMI', platform: 'Linux', owner: place.account, ...members });
        return { imageRecipeArn };
      }),
    'imagebuilder:ListImages': () => ({ imageVersionList: (account.images ?? []).map((arn) => ({ arn: arn.replace(/\/\d+$/, '') })) }),
    'imagebuilder:ListImageBuildVersions': () => ({ imageSummaryList: (account.images ?? []).map((arn) => ({ arn })) }),
    'imagebuilder:ListComponentBuildVersions': ({ componentVersionArn = '' }: Input) => ({
      componentSummaryList: [...all.keys()].filter((arn) => arn.startsWith(`${componentVersionArn}/`)).map((arn) => ({ arn })),
    }),
    'imagebuilder:TagResource': ({ resourceArn, tags }: { resourceArn: string; tags: object }) => {
      Object.assign(Object(get(resourceArn)['tags']), tags);
    },
    'imagebuilder:UntagResource': ({ resourceArn, tagKeys }: { resourceArn: string; tagKeys: string[] }) => {
      for (const key of tagKeys) Reflect.deleteProperty(Object(get(resourceArn)['tags']), key);
    },
    ...Object.fromEntries(
      ['Component', 'Image', 'ImageRecipe', 'ContainerRecipe'].map((type) => [
        `imagebuilder:Get${type}Policy`,
        (input: Input) => ({
          policy: policies.get(Object.values(input)[0] ?? '') ?? fail('ResourceNotFoundException', 'There is no policy.', 404),
        }),
      ]),
    ),
    ...account.others,
  };

  const world: BuilderWorld = {
    all,
    meanwhile: () => undefined,
    async send(command) {
      const action = actionOf(command);
      world.meanwhile(action, command.input);
      const input = command.input as Input;
      const [, verb, type] = read.exec(action) ?? [];
      const refusal = account.refuses?.[action];
      if (refusal || verb === undefined || type === undefined || action in answers) return answerTo(command, answers, account.refuses);
      const [path, id, one, list] = types[type as Type];
      if (verb === 'Get') return structuredClone({ requestId: 'r', [one]: get(input[id]) });
      if (verb === 'List') {
        const found = [...all.values()].filter(({ arn }) => String(arn).includes(`:${path}/`));
        const shown =
          type === 'Component' ? [...new Set(found.map(({ arn }) => String(arn).replace(/\/\d+$/, '')))].map((arn) => ({ arn })) : found;
        return structuredClone({ requestId: 'r', [list]: shown });
      }
      return once(action, input, () => {
        const { [id]: arn = '', clientToken: _, ...members } = input;
        const { name, dateCreated, tags, timeoutMinutes } = get(arn);
        updates += 1;
        const dateUpdated = `2026-11-21T09:00:${String(updates).padStart(2, '0')}Z`;
        // what an update does not say is gone
        const kept = { arn, name, dateCreated, dateUpdated, tags, ...(timeoutMinutes !== undefined && { timeoutMinutes }) };
        all.set(arn, { ...structuredClone(members), ...kept });
        return { [id]: arn };
      });
    },
  };
  return world;
}

function fail(name: string, message: string, status = 400): never {
  throw awsError(name, message, status);
}
