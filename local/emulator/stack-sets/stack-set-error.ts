import type { AwsError } from '../aws-error.ts';

/** What StackSets refuse, as AWS answers it. */
export class StackSetError extends Error implements AwsError {
  override readonly name = 'StackSetError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
