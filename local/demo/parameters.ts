import { AddTagsToResourceCommand, GetParameterCommand, type Parameter, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { LocalCloud } from '../cloud.ts';
import { stringAt } from '../json.ts';
import { DEMO_SECRET } from './secret.ts';
import type { Step } from './step.ts';

/** The scene of the parameters: one is converted, one waits for a person, one is left to its stack. */
export function parameterStep(cloud: LocalCloud, client: ConstructorParameters<typeof SSMClient>[0]): Step {
  const dana = new SSMClient(client ?? {});
  const cloudFormation = new SSMClient({ ...client, customUserAgent: 'cloudformation.amazonaws.com' });
  const [free, read, owned] = ['/shop/payment-key', '/shop/endpoint', '/shop/stack-key'];
  const put = (name: string, value: string, more: object = {}) =>
    dana.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', ...more }));
  const is = (name: string, status: string) =>
    cloud.findings().some((one) => stringAt(one, 'resource', 'id') === name && stringAt(one, 'status') === status);
  const isTold = (name: string) => cloud.findings().some((one) => stringAt(one, 'resource', 'id') === name);
  const live = async (name: string): Promise<Parameter | undefined> =>
    (await dana.send(new GetParameterCommand({ Name: name, WithDecryption: true }))).Parameter;

  return {
    title: 'Secrets in plaintext parameters',
    async act() {
      // its readers have no reason to decrypt what is no secret yet
      await put(read, 'https://payments.example.com/v1');
      await dana.send(new GetParameterCommand({ Name: read }));
      await put(read, DEMO_SECRET, { Overwrite: true });
      await put(free, DEMO_SECRET, { Description: 'payments', Tags: [{ Key: 'team', Value: 'shop' }] });
      await cloudFormation.send(new PutParameterCommand({ Name: owned, Value: DEMO_SECRET, Type: 'String' }));
      const Tags = [{ Key: 'aws:cloudformation:stack-name', Value: 'shop' }];
      await cloudFormation.send(new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: owned, Tags }));
      return [
        { who: 'dana', call: 'ssm:PutParameter', made: `${free} (a payment key, as a String)` },
        { who: 'dana', call: 'ssm:PutParameter', made: `${read} (the same, which others read as plaintext)` },
        { who: 'a stack', call: 'ssm:PutParameter', made: owned },
      ];
    },
    expectations: () => [
      {
        says: 'the free parameter is a SecureString of the same value',
        holds: async () => {
          const now = await live(free);
          return now?.Type === 'SecureString' && now.Value === DEMO_SECRET && is(free, 'fixed');
        },
      },
      {
        says: 'the one that others read as plaintext waits for a person',
        holds: async () => is(read, 'awaiting-approval') && (await live(read))?.Type === 'String',
      },
      {
        says: "the stack's parameter is left unchanged, with the line to change",
        holds: async () => is(owned, 'skipped') && (await live(owned))?.Type === 'String',
      },
      {
        says: 'no finding shows the secret',
        holds: () => [free, read, owned].every(isTold) && !JSON.stringify(cloud.announcements()).includes(DEMO_SECRET),
      },
    ],
  };
}
