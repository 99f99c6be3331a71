/** A variable that the stack sets; throws if it is not there. */
export function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} is not set: the stack sets it`);
  return value;
}

/** The account that a function's ARN names. */
export function accountOf(functionArn: string): string {
  const account = functionArn.split(':')[4];
  if (!account) throw new Error(`the function's ARN has no account: ${functionArn}`);
  return account;
}
