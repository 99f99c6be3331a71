import type { Iac } from '#shared/control/iac.ts';
import type { Secret } from '#shared/control/secret.ts';
import { placesText, secretLines } from '#shared/detect/lines.ts';
import { digestOf, textsOf, type UserDataPart } from './user-data.ts';

/** What user data holds that looks like a secret, without any of its text. */
export interface UserDataFound {
  /** Kinds with their places, such as `assignment in line 3`. */
  readonly places: readonly string[];
  /** The kinds alone: lines move with each edit. */
  readonly kinds: readonly string[];
  /** Whether all of it could be unpacked. */
  readonly isWhole: boolean;
}

/** What was found by the digest of the user data: instances of one launch have the same. */
const known = new Map<string, UserDataFound>();
const MOST_KNOWN = 200;

/** Judges user data as AWS's API gives it, in base64. */
export function secretsInUserData(userData: Secret | undefined): UserDataFound {
  if (!userData) return { places: [], kinds: [], isWhole: true };
  const digest = digestOf(userData);
  const found = known.get(digest) ?? judged(userData);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(digest, found);
  return found;
}

function judged(userData: Secret): UserDataFound {
  const { parts, isWhole } = textsOf(userData);
  const found = parts.flatMap((part) => secretLines(part.text).map(([kind, line]) => ({ kind, place: `${kind}${where(part, line)}` })));
  const kinds = [...new Set(found.map(({ kind }) => kind))].sort();
  return { places: [...new Set(found.map(({ place }) => place))], kinds, isWhole };
}

/** The places in a sentence. */
export function sayPlaces({ places }: UserDataFound): string {
  return placesText(places);
}

function where({ name }: UserDataPart, line: number | undefined): string {
  const inLine = line === undefined ? [] : [`line ${line}`];
  const place = [...inLine, ...(name === '' ? [] : [name])].join(' of ');
  return place === '' ? '' : ` in ${place}`;
}

/** What is said of user data that is no text, or too much of it. */
export const NOT_JUDGED = 'Its user data cannot be unpacked, or is too long when unpacked, so Redress does not judge it.';

/** Why no policy of an organization prevents it. */
export const NO_LOOK_AT_USER_DATA = 'No policy can look into user data.';

/** What a person does first, wherever the user data stands. */
export const rotateFirst =
  'Change the secret first: whoever could read the user data may have it. Then keep it in Secrets Manager or in a SecureString of Parameter Store, and have the instance read it with its role when it starts.';

/** AWS's pages about it. */
export const userDataPages = [
  'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html',
  'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html',
  'https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html',
];

/** How code has the instance read the secret itself; a reference that CloudFormation resolves stands in the user data as plaintext. */
export function userDataSource(cloudFormation: string, terraform: string, cdk: string): Iac {
  return {
    cloudFormation: `take it out of \`UserData\` of the ${cloudFormation}, and have the script read it with the role of the instance. A dynamic reference is no way: CloudFormation writes the value there.`,
    terraform: `take it out of \`user_data\` of the ${terraform}, and have the script read it with the role of the instance. The state of Terraform holds it too.`,
    cdk: `take it out of the \`userData\` of the ${cdk}, and give its role the right to read it: \`secret.grantRead(ROLE)\`. \`unsafeUnwrap()\` writes the value there.`,
  };
}
