import { DescribeKeyCommand, GetKeyPolicyCommand, type GrantListEntry, type KeyMetadata, ListGrantsCommand } from '@aws-sdk/client-kms';
import type { AwsStub } from 'aws-sdk-client-mock';
import { awsError } from './harness.ts';

/** A customer key, with its policy and grants. */
export interface Key extends Partial<KeyMetadata> {
  readonly policy?: object;
  readonly grants?: GrantListEntry[];
}

/** Makes a mocked operation of an answer; a world's own may refuse, or let something happen before. */
export type Answer = <Input, Output>(operation: string, make: (input: Input) => Output) => (input: Input) => Promise<Output>;

/** The calls of KMS about an account's customer keys, by whatever name they are given. */
// biome-ignore lint/suspicious/noExplicitAny: the mock's own type parameters
export function mockKms(kms: AwsStub<any, any, any>, keys: { readonly [id: string]: Key } = {}, answer: Answer): void {
  const keyOf = (id: string | undefined): Key => {
    const found = Object.entries(keys).find(([name, { Arn }]) => name === id || Arn === id)?.[1];
    if (!found) throw awsError('NotFoundException', `Key ${id} does not exist`);
    return found;
  };
  kms.on(DescribeKeyCommand).callsFake(
    answer('DescribeKey', ({ KeyId }: DescribeKeyCommand['input']) => {
      const { policy: _, grants: __, ...metadata } = keyOf(KeyId);
      const usual = { KeyManager: 'CUSTOMER', KeyState: 'Enabled', KeyUsage: 'ENCRYPT_DECRYPT', KeySpec: 'SYMMETRIC_DEFAULT' } as const;
      return { KeyMetadata: { ...usual, ...metadata } };
    }),
  );
  kms
    .on(GetKeyPolicyCommand)
    .callsFake(
      answer('GetKeyPolicy', ({ KeyId }: GetKeyPolicyCommand['input']) => ({ Policy: JSON.stringify(keyOf(KeyId).policy ?? {}) })),
    );
  kms.on(ListGrantsCommand).callsFake(
    answer('ListGrants', ({ KeyId, GranteePrincipal }: ListGrantsCommand['input']) => ({
      Grants: (keyOf(KeyId).grants ?? []).filter((one) => !one.GranteePrincipal || one.GranteePrincipal === GranteePrincipal),
      Truncated: false,
    })),
  );
}
