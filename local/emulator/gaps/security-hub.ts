import { jsonAnswer } from '../../http.ts';
import { isObject, type JsonObject, listAt, parseJson, stringAt } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { Additions } from './addition.ts';

const required = ['SchemaVersion', 'Id', 'ProductArn', 'GeneratorId', 'AwsAccountId', 'CreatedAt', 'UpdatedAt', 'Title', 'Description'];
const longest: { readonly [member: string]: number } = { Id: 512, GeneratorId: 512, Title: 256, Description: 1024 };

/** What moto does not do on import: it checks nothing, and lets a provider overwrite what is the customer's. */
export function securityHub(): Additions {
  const known = new Set<string>();
  return {
    async 'securityhub:BatchImportFindings'(call, { forward, requestId }) {
      const findings = listAt(call.json, 'Findings').filter(isObject);
      if (findings.length === 0 || findings.length > 100) {
        return errorAnswer(call, { code: 'InvalidInputException', message: 'Findings takes 1 to 100 findings.' }, requestId);
      }
      const refused = findings.flatMap((finding) => {
        const ErrorMessage = problemOf(finding, call);
        return ErrorMessage === undefined ? [] : [{ Id: stringAt(finding, 'Id') ?? '', ErrorCode: 'InvalidInput', ErrorMessage }];
      });
      const taken = findings.filter((finding) => problemOf(finding, call) === undefined);
      const Findings = taken.map((finding) => {
        const { Workflow, ...rest } = finding;
        const isNew = !known.has(stringAt(finding, 'Id') ?? '');
        return isNew && Workflow !== undefined ? { ...rest, Workflow } : rest;
      });
      for (const finding of taken) known.add(stringAt(finding, 'Id') ?? '');
      const answer = await forward({ ...call, request: { ...call.request, body: Buffer.from(JSON.stringify({ Findings })) } });
      const said = parseJson(answer.body.toString('utf8'));
      if (answer.status >= 400 || !isObject(said)) return answer;
      return jsonAnswer({ FailedCount: refused.length, SuccessCount: taken.length, FailedFindings: refused });
    },
  };
}

function problemOf(finding: JsonObject, { account, region }: AwsCall): string | undefined {
  const missing = required.find((member) => !stringAt(finding, member));
  if (missing !== undefined) return `${missing} is missing`;
  const long = Object.entries(longest).find(([member, most]) => (stringAt(finding, member) ?? '').length > most);
  if (long !== undefined) return `${long[0]} has more than ${long[1]} characters`;
  if (stringAt(finding, 'ProductArn') !== `arn:aws:securityhub:${region}:${account}:product/${account}/default`)
    return 'ProductArn is not ours';
  if (stringAt(finding, 'AwsAccountId') !== account) return 'AwsAccountId is another account';
  if (!stringAt(finding, 'FindingProviderFields', 'Severity', 'Label')) return 'there is no severity';
  const resources = listAt(finding, 'Resources');
  if (resources.length === 0 || resources.length > 32) return 'Resources takes 1 to 32';
  return resources.every((one) => stringAt(one, 'Id') && stringAt(one, 'Type')) ? undefined : 'a resource has no Id or no Type';
}
