import { GetParameterHistoryCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { DEMO_SECRET } from '../../../local/demo/secret.ts';
import type { End, Sort } from './sort.ts';

/** What the storm makes of this. */
export const parameters: readonly Sort[] = [
  {
    kind: 'parameter',
    control: 'parameter-secure',
    status: 'fixed',
    weight: 24,
    async make({ ssm }, name) {
      const Name = `/storm/${name}/payment-key`;
      await ssm.send(new PutParameterCommand({ Name, Value: DEMO_SECRET, Type: 'String' }));
      return Name;
    },
    async ends({ ssm }, ids) {
      const ends = new Map<string, End>();
      for (const Name of ids) {
        const { Parameters = [] } = await ssm.send(new GetParameterHistoryCommand({ Name, WithDecryption: true }));
        const last = Parameters.at(-1);
        ends.set(Name, { isRight: last?.Type === 'SecureString' && last.Value === DEMO_SECRET, twice: Parameters.length - 2 });
      }
      return ends;
    },
  },
];
