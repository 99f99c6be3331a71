import { jsonAnswer } from '../../http.ts';
import { isObject, type JsonObject, listAt, parseJson, stringAt } from '../../json.ts';
import { account } from '../../trail/identity.ts';
import type { Addition, Additions } from './addition.ts';

/** The trail that the local cloud's own records stand for. */
const NAME = 'management-events';

/** The account's trail of management events, beside those that somebody makes in moto. Events go on here when it is stopped. */
export function trails(): Additions {
  let isLogging = true;
  const answer = (value: JsonObject) => jsonAnswer(value, 200, 'application/x-amz-json-1.1');
  const arnIn = (region: string) => `arn:aws:cloudtrail:${region}:${account}:trail/${NAME}`;
  /** Answers of this trail, and leaves all others to moto. */
  const ofOurs =
    (work: (region: string) => JsonObject): Addition =>
    async (call, { forward }) => {
      const name = stringAt(call.json, 'Name') ?? stringAt(call.json, 'TrailName');
      return name === NAME || name === arnIn(call.region) ? answer(work(call.region)) : await forward(call);
    };
  return {
    async 'cloudtrail:DescribeTrails'(call, { forward }) {
      const said = parseJson((await forward(call)).body.toString('utf8'));
      const others = isObject(said) ? listAt(said, 'trailList') : [];
      const ours = {
        Name: NAME,
        TrailARN: arnIn(call.region),
        HomeRegion: call.region,
        IsMultiRegionTrail: true,
        IsOrganizationTrail: false,
      };
      const names = listAt(call.json, 'trailNameList');
      const isAsked = names.length === 0 || names.some((name) => name === NAME || name === ours.TrailARN);
      return answer({ trailList: [...(isAsked ? [ours] : []), ...others] });
    },
    'cloudtrail:GetTrailStatus': ofOurs(() => ({ IsLogging: isLogging })),
    'cloudtrail:GetEventSelectors': ofOurs((region) => ({
      TrailARN: arnIn(region),
      EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] }],
    })),
    'cloudtrail:StopLogging': ofOurs(() => {
      isLogging = false;
      return {};
    }),
    'cloudtrail:StartLogging': ofOurs(() => {
      isLogging = true;
      return {};
    }),
  };
}
