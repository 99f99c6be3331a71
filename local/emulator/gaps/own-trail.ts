import { jsonAnswer } from '../../http.ts';
import { isObject, type JsonObject, listAt, parseJson, stringAt } from '../../json.ts';
import { account } from '../../trail/identity.ts';
import type { Addition, Additions } from './addition.ts';

/** The trail that the local cloud's own records stand for. */
const NAME = 'management-events';

/**
 * The account's trail of management events, as long as nobody makes one: without it, whoever looks would find none, though events
 * arrive. `others` answers for those that somebody makes.
 */
export function ownTrail(others: Additions): Additions {
  let isLogging = true;
  let isThere = true;
  const answer = (value: JsonObject) => jsonAnswer(value, 200, 'application/x-amz-json-1.1');
  const arnIn = (region: string) => `arn:aws:cloudtrail:${region}:${account}:trail/${NAME}`;
  /** Answers of this trail, and leaves all others to moto. */
  const ofOurs = (api: string, work: (region: string) => JsonObject): [string, Addition] => [
    api,
    async (call, around) => {
      const name = stringAt(call.json, 'Name') ?? stringAt(call.json, 'TrailName');
      if (isThere && (name === NAME || name === arnIn(call.region))) return answer(work(call.region));
      return await (others[api]?.(call, around) ?? around.forward(call));
    },
  ];
  return {
    async 'cloudtrail:CreateTrail'(call, around) {
      isThere = false;
      return await (others['cloudtrail:CreateTrail']?.(call, around) ?? around.forward(call));
    },
    async 'cloudtrail:DescribeTrails'(call, around) {
      const said = await (others['cloudtrail:DescribeTrails']?.(call, around) ?? around.forward(call));
      const body = parseJson(said.body.toString('utf8'));
      // one that was made past the proxy
      if (isObject(body) && listAt(body, 'trailList').length > 0) isThere = false;
      const ours = {
        Name: NAME,
        TrailARN: arnIn(call.region),
        HomeRegion: call.region,
        IsMultiRegionTrail: true,
        IsOrganizationTrail: false,
      };
      const names = listAt(call.json, 'trailNameList');
      const isAsked = names.length === 0 || names.some((name) => name === NAME || name === ours.TrailARN);
      return isThere && isAsked ? answer({ trailList: [ours] }) : said;
    },
    ...Object.fromEntries([
      ofOurs('cloudtrail:GetTrailStatus', () => ({ IsLogging: isLogging })),
      ofOurs('cloudtrail:GetEventSelectors', (region) => ({
        TrailARN: arnIn(region),
        EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] }],
      })),
      ofOurs('cloudtrail:StopLogging', () => {
        isLogging = false;
        return {};
      }),
      ofOurs('cloudtrail:StartLogging', () => {
        isLogging = true;
        return {};
      }),
    ]),
  };
}
