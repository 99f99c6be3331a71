import { compact, isObject, type JsonObject, listAt, stringAt } from '../../json.ts';
import { invalid } from './refusal.ts';

/** What a creation or an update of one type stores beside what was sent: what the service adds, and what it refuses. */
export interface Kind {
  /** The type in ARNs. */
  readonly type: string;
  /** Whether each creation of a version that is there makes a further build of it. */
  readonly isBuilt?: true;
  /** The members of which a request has exactly one. */
  readonly oneOf?: readonly string[];
  /** The members that the service gives where the request has none, and those that follow from others. */
  shown(input: JsonObject, account: string): JsonObject;
}

const recipes = ['imageRecipeArn', 'containerRecipeArn'];

/** The types of Image Builder, by the name that its operations have for them. */
export const kinds: { readonly [noun: string]: Kind } = {
  DistributionConfiguration: {
    type: 'distribution-configuration',
    shown(input) {
      const distributions = listAt(input, 'distributions');
      distributions.forEach((one, n) => {
        const outputs = Object.keys(isObject(one) ? one : {}).filter((member) => member !== 'region');
        // https://github.com/aws/aws-cdk/issues/12882
        if (outputs.length === 0)
          throw invalid(`distributions[${n}]`, 'One or more outputs should be provided for each region in a distribution configuration.');
      });
      return { ...input, timeoutMinutes: 60, regions: distributions.flatMap((one) => stringAt(one, 'region') ?? []) };
    },
  },
  InfrastructureConfiguration: {
    type: 'infrastructure-configuration',
    shown: (input) => ({ terminateInstanceOnFailure: true, ...input }),
  },
  Component: {
    type: 'component',
    isBuilt: true,
    oneOf: ['data', 'uri'],
    shown(input, account) {
      const phases = [...(stringAt(input, 'data') ?? '').matchAll(/name['"]?\s*:\s*['"]?(build|validate|test)\b/g)].map(
        ([, phase]) => phase,
      );
      const type = phases.length > 0 && phases.every((phase) => phase === 'test') ? 'TEST' : 'BUILD';
      return { ...input, owner: account, type, encrypted: true, obfuscate: false };
    },
  },
  ImageRecipe: {
    type: 'image-recipe',
    shown: (input, account) => ({ ...input, owner: account, type: 'AMI', platform: platformOf(input) }),
  },
  ContainerRecipe: {
    type: 'container-recipe',
    oneOf: ['dockerfileTemplateData', 'dockerfileTemplateUri'],
    shown(input, account) {
      const instanceImage = stringAt(input, 'instanceConfiguration', 'image');
      const platform = stringAt(input, 'platformOverride') ?? platformOf(input);
      return compact({ ...input, owner: account, encrypted: true, platform, instanceImage });
    },
  },
  ImagePipeline: {
    type: 'image-pipeline',
    oneOf: recipes,
    shown(input) {
      const imageTestsConfiguration = { imageTestsEnabled: true, timeoutMinutes: 720 };
      const { schedule } = input;
      const pipelineExecutionStartCondition = 'EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE';
      return {
        status: 'ENABLED',
        enhancedImageMetadataEnabled: true,
        platform: 'Linux',
        imageTestsConfiguration,
        ...input,
        ...(isObject(schedule) && { schedule: { timezone: 'UTC', pipelineExecutionStartCondition, ...schedule } }),
      };
    },
  },
  Image: { type: 'image', isBuilt: true, oneOf: recipes, shown: (input) => input },
};

/** The members of other things' ARNs, which must be there when something is made of them. */
export const references = [...recipes, 'infrastructureConfigurationArn', 'distributionConfigurationArn'];

/** AWS asks the parent; its names of Windows say it. */
function platformOf(input: JsonObject): string {
  return /windows/i.test(stringAt(input, 'parentImage') ?? '') ? 'Windows' : 'Linux';
}
