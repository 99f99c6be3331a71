/** An error that Image Builder answers; its status is the model's. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Refuses a member, in the words of the service: https://github.com/aws/aws-cdk/issues/12882. */
export function invalid(member: string, why: string): Refusal {
  return new Refusal('InvalidParameterValueException', `The value supplied for parameter '${member}' is not valid. ${why}`);
}
