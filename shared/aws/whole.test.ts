import { Readable } from 'node:stream';
import {
  GetDistributionConfigurationCommand,
  ImagebuilderClient,
  UpdateDistributionConfigurationCommand,
} from '@aws-sdk/client-imagebuilder';
import { expect, test } from 'vitest';
import { actionOf } from './actions.ts';
import { asWritten, carried, whole, withoutEmpty } from './whole.ts';

const distributionConfigurationArn = 'arn:aws:imagebuilder:eu-west-1:111122223333:distribution-configuration/web';

/** A client whose AWS answers so, and what it was asked. */
function clientOf(answer: object, statusCode = 200) {
  const asked: { body: string; length: string | undefined }[] = [];
  const requestHandler = {
    async handle({ body, headers }: { body: unknown; headers: { [name: string]: string } }) {
      asked.push({ body: Buffer.from((body as string) ?? '').toString(), length: headers['content-length'] });
      const said = JSON.stringify(answer);
      const type = statusCode === 200 ? {} : { 'x-amzn-errortype': 'ResourceNotFoundException' };
      const stream = Readable.from([Buffer.from(said.slice(0, 9)), Buffer.from(said.slice(9))]);
      return { response: { statusCode, headers: { 'content-type': 'application/json', ...type }, body: stream } };
    },
  };
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  return { asked, client: new ImagebuilderClient({ region: 'eu-west-1', credentials, requestHandler: requestHandler as never }) };
}

test('an answer holds what the SDK does not know, and no null', async () => {
  const shown = { arn: distributionConfigurationArn, description: null, distributions: [{ region: 'eu-west-1', novel: { a: [1] } }] };
  const { client } = clientOf({ requestId: 'r', distributionConfiguration: shown });
  const { $metadata, ...answer } = await client.send(whole(new GetDistributionConfigurationCommand({ distributionConfigurationArn })));
  expect(answer).toEqual({
    requestId: 'r',
    distributionConfiguration: { arn: distributionConfigurationArn, distributions: [{ region: 'eu-west-1', novel: { a: [1] } }] },
  });
  expect($metadata.httpStatusCode).toBe(200);
});

test('an error is as without it', async () => {
  const { client } = clientOf({ message: 'gone' }, 404);
  const sent = client.send(whole(new GetDistributionConfigurationCommand({ distributionConfigurationArn })));
  await expect(sent).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'gone' });
});

test('a request is written as it is, and so once more when it is built again', async () => {
  const Written = asWritten(UpdateDistributionConfigurationCommand);
  const input = { distributionConfigurationArn, distributions: [{ region: 'eu-west-1', novel: 'ü' }], clientToken: 't' };
  const command = new Written(input);
  expect(actionOf(command)).toBe('imagebuilder:UpdateDistributionConfiguration');
  const again: unknown = Reflect.construct(command.constructor, [input]);
  for (const one of [command, again]) {
    const { client, asked } = clientOf({});
    await client.send(one as UpdateDistributionConfigurationCommand);
    const body = JSON.stringify(input);
    expect(asked).toEqual([{ body, length: String(Buffer.byteLength(body)) }]);
  }
});

test('what a request takes is carried, and what nobody knows how to send is named', () => {
  const request = new UpdateDistributionConfigurationCommand({ distributionConfigurationArn, distributions: [] });
  const resource = { arn: 'x', description: '', distributions: [{ region: 'eu-west-1' }], dateCreated: 'd', novel: 'n', empty: {} };
  expect(carried(resource, request, ['arn', 'dateCreated'])).toEqual({
    members: { distributions: [{ region: 'eu-west-1' }] },
    unknown: ['novel'],
  });
  expect(withoutEmpty({ a: [], b: '', c: {}, d: undefined, e: 0, f: false })).toEqual({ e: 0, f: false });
});
