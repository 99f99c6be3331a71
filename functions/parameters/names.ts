import type { Target } from '#shared/control/control.ts';

/** CloudFormation's name for what this kind judges. */
export const PARAMETER = 'AWS::SSM::Parameter';

/** A target that only an ARN of one segment names: `parameter/x` is the ARN of `x` and of `/x`. */
const EITHER_NAME = 'AWS::SSM::Parameter::ARN';

/**
 * The names that a request's `name` may mean: a name as it is, or the one or two that an ARN stands for.
 * A hierarchy's name begins with a slash, which its ARN swallows.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
 */
export function namesOf(text: string): readonly string[] {
  const resource = /^arn:[^:]+:ssm:[^:]*:[^:]*:parameter\/(.+)$/.exec(text)?.[1];
  if (resource === undefined) return [withoutSelector(text)];
  const path = withoutSelector(resource);
  return path.includes('/') ? [`/${path}`] : [path, `/${path}`];
}

/** The target that a request's `name`, or an ARN, stands for. */
export function targetOf(text: string): Target<never> {
  const [name = text, ...others] = namesOf(text);
  return { type: others.length > 0 ? EITHER_NAME : PARAMETER, id: name };
}

/** Whether a path is above a parameter's name: `/app` is above `/app/db/password`, and `/` above everything, a name without a slash too. */
export function isAbove(path: string, name: string): boolean {
  const [folder = path] = namesOf(path.replace(/\/+$/, '') || '/');
  return folder === '/' || name.startsWith(`${folder}/`);
}

/** `name:3` and `name:label` name a version of `name`. */
function withoutSelector(name: string): string {
  return name.replace(/:.*$/, '');
}
