import { App, DefaultStackSynthesizer, type IStackSynthesizer } from 'aws-cdk-lib/core';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { type RedressProps, RedressStack } from './redress-stack.ts';

/** The name of the stack, and so of its template: `Redress.template.json`. */
export const STACK = 'Redress';

/** Writes the cloud assembly (template and assets) into `outdir`; throws `NagError` if it is checked and breaks a rule. */
export async function assemble(props: RedressProps, outdir: string, check: boolean): Promise<void> {
  const app = new App({
    outdir,
    analyticsReporting: false,
    treeMetadata: false,
    stackTraces: false,
    builtinCloudFormationValidation: check,
    // the same template whether the CDK's command or another of ours asks for it
    postCliContext: {
      // what `cdk init` would write into cdk.json, 80 lines of it
      ...CURRENTLY_RECOMMENDED_FLAGS,
      'aws:cdk:enable-asset-metadata': true,
      'aws:cdk:enable-path-metadata': false,
      '@aws-cdk/core:target-partitions': ['aws', 'aws-us-gov', 'aws-cn'],
    },
  });
  const stack = new RedressStack(app, STACK, {
    ...props,
    description: 'Redress: fixes misconfigured resources of this account and Region, seconds after they are created.',
    // the CDK's command checks the bootstrap version by itself; without the rule the template has no parameter.
    // The type is spelled out because the CDK's own types do not know exactOptionalPropertyTypes.
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
  });
  app.synth();
  // loaded here, because it brings all of the CDK and takes half a second
  if (check) (await import('./nag-check.ts')).checkWithNag(stack);
}
