import type { Place } from '#shared/control/types.ts';

/** CloudFormation's name for what this kind judges. */
export const DOCUMENT = 'AWS::SSM::Document';

/** The name that a request's `name` means, which may be an ARN; undefined for a document of another account or Region. */
export function nameIn(text: string, { account, region }: Place): string | undefined {
  const arn = /^arn:[^:]+:ssm:([^:]*):([^:]*):(.*)$/.exec(text);
  if (!arn) return text;
  const [, itsRegion, itsAccount, resource = ''] = arn;
  const name = /^document\/(.+)$/.exec(resource)?.[1];
  return itsAccount === account && itsRegion === region ? name : undefined;
}
