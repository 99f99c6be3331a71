import {
  CreateComponentCommand,
  CreateContainerRecipeCommand,
  CreateDistributionConfigurationCommand,
  CreateImageRecipeCommand,
  CreateInfrastructureConfigurationCommand,
  GetDistributionConfigurationCommand,
  GetInfrastructureConfigurationCommand,
  ListTagsForResourceCommand,
  PutComponentPolicyCommand,
} from '@aws-sdk/client-imagebuilder';
import type { Account, End, Sort } from './sort.ts';

const semanticVersion = '1.0.0';
const data =
  'name: run\nschemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n      - name: Run\n        action: ExecuteBash\n        inputs:\n          commands: [df -h]\n';

/** How each stands, asked one by one. */
async function each(ids: readonly string[], isRight: (arn: string) => Promise<boolean>): Promise<Map<string, End>> {
  const ends = new Map<string, End>();
  for (const arn of ids) ends.set(arn, { isRight: await isRight(arn), twice: 0 });
  return ends;
}

/** Whether one has an owner tag. */
const hasOwner =
  ({ builder }: Account) =>
  async (resourceArn: string) => {
    const { tags = {} } = await builder.send(new ListTagsForResourceCommand({ resourceArn }));
    return Object.keys(tags).some((key) => key.endsWith(':owner'));
  };

async function component({ builder }: Account, name: string): Promise<string> {
  const made = await builder.send(new CreateComponentCommand({ name, semanticVersion, platform: 'Linux', data }));
  return made.componentBuildVersionArn ?? '';
}

/** What the storm makes of this. */
export const imageBuilder: readonly Sort[] = [
  {
    kind: 'distribution',
    control: 'distribution-private',
    status: 'fixed',
    weight: 4,
    async make({ builder }, name) {
      const amiDistributionConfiguration = { name: `${name} {{ imagebuilder:buildDate }}`, launchPermission: { userGroups: ['all'] } };
      const distributions = [{ region: 'eu-west-1', amiDistributionConfiguration }];
      const made = await builder.send(new CreateDistributionConfigurationCommand({ name, distributions }));
      return made.distributionConfigurationArn ?? '';
    },
    ends: ({ builder }, ids) =>
      each(ids, async (distributionConfigurationArn) => {
        const { distributionConfiguration } = await builder.send(new GetDistributionConfigurationCommand({ distributionConfigurationArn }));
        const [first] = distributionConfiguration?.distributions ?? [];
        const ami = first?.amiDistributionConfiguration;
        return ami?.name !== undefined && (ami.launchPermission?.userGroups ?? []).length === 0;
      }),
  },
  {
    kind: 'infrastructure',
    control: 'infrastructure-imds-v2',
    status: 'fixed',
    weight: 4,
    async make({ builder }, name) {
      const made = await builder.send(new CreateInfrastructureConfigurationCommand({ name, instanceProfileName: 'builder' }));
      return made.infrastructureConfigurationArn ?? '';
    },
    ends: ({ builder }, ids) =>
      each(ids, async (infrastructureConfigurationArn) => {
        const { infrastructureConfiguration: one } = await builder.send(
          new GetInfrastructureConfigurationCommand({ infrastructureConfigurationArn }),
        );
        return one?.instanceProfileName === 'builder' && one.instanceMetadataOptions?.httpTokens === 'required';
      }),
  },
  {
    kind: 'component',
    control: 'component-owner-tag',
    status: 'fixed',
    weight: 2,
    make: component,
    ends: (account, ids) => each(ids, hasOwner(account)),
  },
  {
    kind: 'recipe',
    control: 'recipe-owner-tag',
    status: 'fixed',
    weight: 2,
    async make(account, name) {
      const components = [{ componentArn: await component(account, `${name}-of-recipe`) }];
      const made = await account.builder.send(
        new CreateImageRecipeCommand({ name, semanticVersion, components, parentImage: account.image }),
      );
      return made.imageRecipeArn ?? '';
    },
    ends: (account, ids) => each(ids, hasOwner(account)),
  },
  {
    kind: 'container-recipe',
    control: 'container-recipe-owner-tag',
    status: 'fixed',
    weight: 2,
    async make(account, name) {
      const made = await account.builder.send(
        new CreateContainerRecipeCommand({
          name,
          semanticVersion,
          containerType: 'DOCKER',
          components: [{ componentArn: await component(account, `${name}-of-container`) }],
          parentImage: 'amazonlinux:latest',
          dockerfileTemplateData: 'FROM {{{ imagebuilder:parentImage }}}\n{{{ imagebuilder:components }}}',
          targetRepository: { service: 'ECR', repositoryName: 'app' },
        }),
      );
      return made.containerRecipeArn ?? '';
    },
    ends: (account, ids) => each(ids, hasOwner(account)),
  },
  {
    kind: 'image-builder',
    control: 'image-builder-shared-known',
    status: 'open',
    weight: 1,
    async make(account, name) {
      const componentArn = await component(account, name);
      const Statement = [
        { Effect: 'Allow', Principal: { AWS: ['444455556666'] }, Action: ['imagebuilder:GetComponent'], Resource: [componentArn] },
      ];
      await account.builder.send(
        new PutComponentPolicyCommand({ componentArn, policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
      );
      return componentArn;
    },
  },
];
