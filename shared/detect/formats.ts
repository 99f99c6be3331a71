import { commandForms } from './commands.ts';
import { keyFormats } from './facts/compile.ts';
import { generalForms, type SecretFormat, shape } from './forms.ts';

/** Every quantifier is bounded and no two neighbours share characters without a limit: time grows with the text, never faster. */
export const secretFormats: readonly SecretFormat[] = [
  shape(
    'aws-secret-key',
    [],
    /(?:secret_?access_?key|aws_?secret(?:_?key)?|SecretKey)["'\\]{0,3}\s{0,4}[:=]\s{0,4}["'\\]{0,3}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/gi,
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html',
  ),
  ...keyFormats,
  ...commandForms,
  ...generalForms,
];
