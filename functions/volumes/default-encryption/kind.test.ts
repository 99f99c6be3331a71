import { describe, expect, test } from 'vitest';
import { actionOf } from '#shared/aws/actions.ts';
import { place } from '../../../test/support/harness.ts';
import { readerOver } from '../../../test/support/reading.ts';
import { type DefaultEncryption, defaultEncryption, plain } from './kind.ts';

const MANAGED = 'alias/aws/ebs';
const MINE = 'arn:aws:kms:eu-west-1:111122223333:key/mine';

test('what AWS says of it', async () => {
  const read = async (EbsEncryptionByDefault: boolean | undefined, KmsKeyId: string | undefined) => {
    const { read: reader } = readerOver({
      'ec2:GetEbsEncryptionByDefault': () => ({ EbsEncryptionByDefault }),
      'ec2:GetEbsDefaultKmsKeyId': () => ({ KmsKeyId }),
    });
    return (await reader.many(defaultEncryption.items, [place.account])).get(place.account)?.state;
  };
  expect(await read(true, MINE)).toEqual({ encryptionByDefault: true, kmsKeyId: MINE });
  expect(await read(undefined, undefined)).toEqual({ encryptionByDefault: false, kmsKeyId: MANAGED });
});

test('the managed key has one name', () => {
  expect([MANAGED, `arn:aws:kms:eu-west-1:111122223333:${MANAGED}`, '', undefined, MINE].map(plain)).toEqual([
    MANAGED,
    MANAGED,
    MANAGED,
    MANAGED,
    MINE,
  ]);
});

describe('a previous state comes back', () => {
  const changes = (before: DefaultEncryption, now: DefaultEncryption) =>
    defaultEncryption.restore(before, now).map(({ command, says }) => [actionOf(command), command.input, says]);
  const state = (encryptionByDefault: boolean, kmsKeyId = MANAGED) => ({ encryptionByDefault, kmsKeyId });

  test('by nothing, where nothing differs', () => {
    expect(changes(state(true, MINE), state(true, MINE))).toEqual([]);
    expect(changes(state(false), state(false))).toEqual([]);
  });
  test('off or on', () => {
    expect(changes(state(false), state(true))).toEqual([
      ['ec2:DisableEbsEncryptionByDefault', {}, 'Turn EBS encryption by default off again.'],
    ]);
    expect(changes(state(true), state(false))).toEqual([
      ['ec2:EnableEbsEncryptionByDefault', {}, 'Turn EBS encryption by default on again.'],
    ]);
  });
  test('with its key', () => {
    expect(changes(state(true, MINE), state(true))).toEqual([
      ['ec2:ModifyEbsDefaultKmsKeyId', { KmsKeyId: MINE }, `Make ${MINE} the default key of EBS again.`],
    ]);
    expect(changes(state(true), state(true, MINE))).toEqual([
      ['ec2:ResetEbsDefaultKmsKeyId', {}, `Make ${MANAGED} the default key of EBS again.`],
    ]);
    expect(changes(state(true), state(false, MINE)).map(([api]) => api)).toEqual([
      'ec2:EnableEbsEncryptionByDefault',
      'ec2:ResetEbsDefaultKmsKeyId',
    ]);
  });
});
