import { jsonAnswer } from '../../http.ts';
import { isObject, type JsonObject, listAt, parseJson, stringAt } from '../../json.ts';
import { account } from '../../trail/identity.ts';
import { type AwsCall, withJson } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Addition, Additions } from './addition.ts';

/** The trail that an account begins with. */
const FIRST = 'management-events';

// the names of buckets are one for all accounts
const bucketIn = (of: string): string => `logs-of-${FIRST}${of === account ? '' : `-${of}`}`;

/** Gives the account the trail that logs its management events; throws if moto does not take it. */
export async function makeFirstTrail(moto: MotoClient, region: string, of = account): Promise<void> {
  const S3BucketName = bucketIn(of);
  await moto.bucket('PUT', S3BucketName, region);
  const trail = { Name: FIRST, S3BucketName, IsMultiRegionTrail: true, EnableLogFileValidation: true };
  await moto.json('cloudtrail', 'CreateTrail', trail, region);
  await moto.json('cloudtrail', 'StartLogging', { Name: FIRST }, region);
}

/** A trail is started, stopped and deleted by its ARN too, and in its home Region alone; moto takes a name, and any Region. */
const byName: Addition = async (call, { requestId, forward }) => {
  const given = stringAt(call.json, 'Name') ?? '';
  const [, home, name] = /^arn:[^:]*:cloudtrail:([^:]*):\d*:trail\/(.+)$/.exec(given) ?? [];
  if (name === undefined) return forward(call);
  if (home !== call.region) {
    const message = `Trail ${given} can only be changed in its home Region, ${home}.`;
    return errorAnswer(call, { code: 'InvalidHomeRegionException', message }, requestId);
  }
  return forward(withJson(call, { ...call.json, Name: name }));
};

/** The calls about trails that moto answers otherwise than AWS. */
export const trails: Additions = {
  // the first that somebody makes takes the place of the account's own, and is then the only one; not of one that was ever stopped,
  // for whoever stopped it works with it
  'cloudtrail:CreateTrail': async (call, { moto, forward }) => {
    const all = await trailsIn(moto, call.region);
    const isFirst = (trail: JsonObject) => stringAt(trail, 'Name') === FIRST && stringAt(trail, 'S3BucketName') === bucketIn(call.account);
    if (all.some(isFirst) && !(await wasStopped(moto, call.region)))
      await moto.json('cloudtrail', 'DeleteTrail', { Name: FIRST }, call.region);
    return forward(call);
  },
  'cloudtrail:StartLogging': byName,
  'cloudtrail:StopLogging': byName,
  'cloudtrail:DeleteTrail': byName,
  // a trail that nobody chose events for logs all of management
  'cloudtrail:GetEventSelectors': async (call, { forward }) => {
    const answer = await forward(call);
    const chosen = parseJson(answer.body.toString('utf8'));
    if (answer.status >= 400 || !isObject(chosen)) return answer;
    if (listAt(chosen, 'EventSelectors').length > 0 || listAt(chosen, 'AdvancedEventSelectors').length > 0) return answer;
    const EventSelectors = [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] }];
    return jsonAnswer({ ...chosen, EventSelectors }, 200, 'application/x-amz-json-1.1');
  },
  // a trail whose bucket is gone logs on, and says that it cannot deliver
  'cloudtrail:GetTrailStatus': async (call, { moto, forward }) => {
    const answer = await forward(call);
    const status = parseJson(answer.body.toString('utf8'));
    if (answer.status >= 400 || !isObject(status) || status['IsLogging'] !== true) return answer;
    const bucket = await bucketOf(call, moto);
    if (bucket === undefined || (await moto.bucket('HEAD', bucket, call.region))) return answer;
    return jsonAnswer({ ...status, LatestDeliveryError: 'NoSuchBucket' }, 200, 'application/x-amz-json-1.1');
  },
};

async function wasStopped(moto: MotoClient, region: string): Promise<boolean> {
  const status = await moto.json('cloudtrail', 'GetTrailStatus', { Name: FIRST }, region);
  return status['StopLoggingTime'] !== undefined;
}

async function bucketOf({ json, region }: AwsCall, moto: MotoClient): Promise<string | undefined> {
  const name = stringAt(json, 'Name');
  const all = await trailsIn(moto, region);
  return stringAt(
    all.find((one) => [stringAt(one, 'TrailARN'), stringAt(one, 'Name')].includes(name)),
    'S3BucketName',
  );
}

/** Every trail that shows in a Region. */
async function trailsIn(moto: MotoClient, region: string): Promise<JsonObject[]> {
  const answer = await moto.json('cloudtrail', 'DescribeTrails', {}, region);
  return listAt(answer, 'trailList').filter(isObject);
}

/** Whether a trail logs that covers a Region. */
export async function isCovered(moto: MotoClient, region: string): Promise<boolean> {
  const statuses = (await trailsIn(moto, region)).map((one) =>
    moto.json('cloudtrail', 'GetTrailStatus', { Name: stringAt(one, 'TrailARN') ?? '' }, region),
  );
  return (await Promise.all(statuses)).some((status) => status['IsLogging'] === true);
}
