import { partitionOf } from '#shared/aws/partition.ts';
import { jsonAnswer } from '../../http.ts';
import type { JsonObject } from '../../json.ts';
import { stringAt } from '../../json.ts';
import { callerArn } from '../../trail/identity.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { Addition, Additions } from './addition.ts';

/** Settings of Systems Manager, which moto does not know: what each may be, AWS's default first. */
const known: { readonly [id: string]: readonly [string, ...string[]] } = {
  '/ssm/documents/console/public-sharing-permission': ['Enable', 'Disable'],
  '/ssm/parameter-store/high-throughput-enabled': ['false', 'true'],
  // [U] what AWS answers where nobody has set these two
  '/ssm/automation/customer-script-log-destination': ['', 'CloudWatch'],
  '/ssm/automation/customer-script-log-group-name': [''],
};
/** The setting that takes any name. */
const takesAnyName = '/ssm/automation/customer-script-log-group-name';

interface Chosen {
  readonly value: string;
  readonly by: string;
  /** When, in seconds of the epoch. */
  readonly at: number;
}

/** A setting that a call is about, by its short name, and the values that it takes. */
interface Setting {
  readonly id: string;
  readonly values: readonly [string, ...string[]];
}

/** The settings of Systems Manager, one of each a Region. [U] A block of public sharing does not refuse any here: AWS documents no error for it. */
export function serviceSettings(now: () => number = Date.now): Additions {
  const chosen = new Map<string, Chosen>();
  const keyOf = ({ region }: AwsCall, { id }: Setting) => `${region} ${id}`;
  const shown = (call: AwsCall, setting: Setting): JsonObject => {
    const set = chosen.get(keyOf(call, setting));
    return {
      SettingId: setting.id,
      SettingValue: set?.value ?? setting.values[0],
      LastModifiedDate: set?.at ?? 0,
      LastModifiedUser: set?.by ?? 'System',
      ARN: `arn:${partitionOf(call.region)}:ssm:${call.region}:${call.account}:servicesetting${setting.id}`,
      Status: set ? 'Customized' : 'Default',
    };
  };
  const answer = (body: JsonObject) => jsonAnswer(body, 200, 'application/x-amz-json-1.1');
  return {
    'ssm:GetServiceSetting': ofKnown((call, setting) => answer({ ServiceSetting: shown(call, setting) })),
    'ssm:UpdateServiceSetting': ofKnown((call, setting, { caller, requestId }) => {
      const value = stringAt(call.json, 'SettingValue') ?? '';
      // [U] the code of AWS's refusal
      if (!setting.values.includes(value) && setting.id !== takesAnyName)
        return errorAnswer(call, { code: 'ValidationException', message: `${value} is no value of ${setting.id}.` }, requestId);
      chosen.set(keyOf(call, setting), { value, by: callerArn(caller), at: now() / 1000 });
      return answer({});
    }),
    'ssm:ResetServiceSetting': ofKnown((call, setting) => {
      chosen.delete(keyOf(call, setting));
      return answer({ ServiceSetting: shown(call, setting) });
    }),
  };
}

/** Answers a call about a setting that AWS has, named short or by its ARN, and refuses any other. */
function ofKnown(answer: (call: AwsCall, setting: Setting, around: Parameters<Addition>[1]) => ReturnType<typeof jsonAnswer>): Addition {
  return async (call, around) => {
    const id = (stringAt(call.json, 'SettingId') ?? '').replace(/^arn:[^:]*:ssm:[^:]*:\d*:servicesetting/, '');
    const values = known[id];
    if (values) return answer(call, { id, values }, around);
    const message = `The specified service setting ${id} was not found.`;
    return errorAnswer(call, { code: 'ServiceSettingNotFound', message }, around.requestId);
  };
}
