import type {
  DescribeTrailsCommandInput,
  EventSelector,
  LookupEventsCommandInput,
  PutEventSelectorsCommandInput,
  Tag,
  Trail,
  UpdateTrailCommandInput,
} from '@aws-sdk/client-cloudtrail';
import { actionOf } from '#shared/aws/actions.ts';
import { HEARTBEAT_TAG } from '#shared/finding/names.ts';
import { callEvent } from '../../fixtures/events.ts';
import { awsError, place, type World } from '../harness.ts';

/** One trail as AWS keeps it; what is left out is as the console makes one. */
export interface Stored {
  readonly home?: string;
  /** The account that owns it; another one's is the trail of an organization. */
  readonly owner?: string;
  readonly isOrganization?: boolean;
  multi?: boolean;
  globals?: boolean;
  validated?: boolean;
  key?: string;
  logs?: boolean;
  error?: string;
  /** When it began to log, and stopped; absent means long ago. */
  started?: Date;
  stopped?: Date;
  event?: EventSelector[];
  advanced?: PutEventSelectorsCommandInput['AdvancedEventSelectors'];
  readonly tags?: readonly Tag[];
  /** Whether AWS does not show which events it logs. */
  readonly isSecret?: boolean;
}

/** What there is in the account, and how AWS behaves. */
interface Account {
  readonly trails?: { readonly [name: string]: Stored };
  /** Records that the event history holds. */
  readonly history?: readonly object[];
  readonly refuses?: { readonly [action: string]: Error };
  /** When Redress made its own call last, ISO 8601. */
  readonly sentAt?: string;
}

export interface TrailWorld extends World {
  readonly trails: Map<string, Stored>;
  sentAt: string | undefined;
  /** Called before each call is answered; what somebody else does meanwhile. */
  meanwhile: (action: string, input: object) => void;
}

/** What a new trail logs. */
export const everything: EventSelector[] = [
  { ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
];
/** What is left of it once a recorded attack has changed it (stratus-red-team, `cloudtrail-event-selectors`). */
export const nearlyNothing: EventSelector[] = [
  { ReadWriteType: 'ReadOnly', IncludeManagementEvents: false, DataResources: [], ExcludeManagementEventSources: [] },
];
const before = new Date('2026-01-01T00:00:00Z');

/** The ARN of a trail of the account here. */
export const trailArn = (name: string, { home = place.region, owner = place.account }: Pick<Stored, 'home' | 'owner'> = {}) =>
  `arn:aws:cloudtrail:${home}:${owner}:trail/${name}`;

/** CloudTrail with its trails, which remembers, with the rules of AWS that matter here. */
export function trailsWorld(account: Account = {}): TrailWorld {
  const trails = new Map<string, Stored>(Object.entries(structuredClone(account.trails ?? {})));
  const arnOf = (name: string) => trailArn(name, trails.get(name));
  const shown = (name: string, one: Stored): Trail => ({
    Name: name,
    TrailARN: arnOf(name),
    HomeRegion: one.home ?? place.region,
    S3BucketName: `logs-of-${name}`,
    IncludeGlobalServiceEvents: one.globals ?? true,
    IsMultiRegionTrail: one.multi ?? true,
    LogFileValidationEnabled: one.validated ?? true,
    IsOrganizationTrail: one.isOrganization ?? false,
    HasCustomEventSelectors: one.event !== undefined || one.advanced !== undefined,
    ...(one.key !== undefined && { KmsKeyId: one.key }),
  });
  const isHome = ({ home = place.region, owner = place.account }: Stored) => home === place.region && owner === place.account;
  const find = (name: string | undefined): Stored => {
    const found = [...trails].find(([one]) => arnOf(one) === name)?.[1];
    if (!found) throw awsError('TrailNotFoundException', `Unknown trail: ${name} for the user: ${place.account}`);
    return found;
  };
  const mine = (name: string | undefined): Stored => {
    const found = find(name);
    if ((found.owner ?? place.account) !== place.account)
      throw awsError('NotOrganizationMasterAccountException', 'Not the master account.');
    if (!isHome(found)) throw awsError('InvalidHomeRegionException', `Trail ${name} is in the Region ${found.home}.`);
    return found;
  };
  const answers: { readonly [action: string]: (input: never) => unknown } = {
    'cloudtrail:DescribeTrails': ({ includeShadowTrails }: DescribeTrailsCommandInput) => ({
      trailList: [...trails].filter(([, one]) => includeShadowTrails || isHome(one)).map(([name, one]) => shown(name, one)),
    }),
    'cloudtrail:GetTrailStatus': ({ Name }: { Name: string }) => {
      const { logs = true, error, started = before, stopped } = find(Name);
      return {
        IsLogging: logs,
        StartLoggingTime: started,
        ...(stopped && { StopLoggingTime: stopped }),
        ...(error !== undefined && { LatestDeliveryError: error }),
      };
    },
    'cloudtrail:GetEventSelectors': ({ TrailName }: { TrailName: string }) => {
      const { event = everything, advanced, isSecret } = find(TrailName);
      // what a member account gets of the organization's trail, and another Region of a trail
      if (isSecret) throw awsError('CloudTrailARNInvalidException', 'Region in ARN is wrong.');
      return { TrailARN: TrailName, ...(advanced ? { AdvancedEventSelectors: advanced } : { EventSelectors: event }) };
    },
    'cloudtrail:ListTags': ({ ResourceIdList: [id] }: { ResourceIdList: string[] }) => ({
      ResourceTagList: [{ ResourceId: id, TagsList: mine(id).tags ?? [] }],
    }),
    'cloudtrail:StartLogging': ({ Name }: { Name: string }) => void Object.assign(mine(Name), { logs: true, started: now() }),
    'cloudtrail:StopLogging': ({ Name }: { Name: string }) => void Object.assign(mine(Name), { logs: false, stopped: now() }),
    'cloudtrail:PutEventSelectors': ({ TrailName, EventSelectors, AdvancedEventSelectors }: PutEventSelectorsCommandInput) => {
      const trail = mine(TrailName);
      delete trail.event;
      delete trail.advanced;
      Object.assign(trail, AdvancedEventSelectors ? { advanced: AdvancedEventSelectors } : { event: EventSelectors });
    },
    'cloudtrail:UpdateTrail': (input: UpdateTrailCommandInput) => {
      const trail = mine(input.Name);
      if (input.IsMultiRegionTrail && !(input.IncludeGlobalServiceEvents ?? trail.globals ?? true))
        throw awsError('InvalidParameterCombinationException', 'Multi-Region trail must include global service events.');
      trail.multi = input.IsMultiRegionTrail ?? trail.multi ?? true;
      trail.globals = input.IncludeGlobalServiceEvents ?? trail.globals ?? true;
      trail.validated = input.EnableLogFileValidation ?? trail.validated ?? true;
      if (input.KmsKeyId === '') delete trail.key;
      else if (input.KmsKeyId !== undefined) trail.key = input.KmsKeyId;
    },
    'cloudtrail:LookupEvents': ({ LookupAttributes: [attribute] = [], StartTime }: LookupEventsCommandInput) => ({
      Events: (account.history ?? [])
        .map((event) => Object(event).detail)
        .filter((record) => record.eventName === attribute?.AttributeValue && Date.parse(record.eventTime) >= Number(StartTime))
        .map((record) => ({ CloudTrailEvent: JSON.stringify(record) })),
    }),
    'sqs:GetQueueUrl': ({ QueueName }: { QueueName: string }) => ({ QueueUrl: `https://sqs.example/${QueueName}` }),
    'sqs:ListQueueTags': () => (world.sentAt === undefined ? {} : { Tags: { [HEARTBEAT_TAG]: world.sentAt } }),
  };
  const world: TrailWorld = {
    trails,
    sentAt: account.sentAt,
    meanwhile: () => undefined,
    async send(command) {
      const action = actionOf(command);
      world.meanwhile(action, command.input);
      const refusal = account.refuses?.[action];
      if (refusal) throw refusal;
      const answer = answers[action];
      if (!answer) throw new Error(`this world knows no ${action}`);
      return structuredClone(answer(command.input as never) ?? {});
    },
  };
  const now = () => world.clock?.() ?? before;
  return world;
}

/** A call about a trail, in the recorded shape: a name, or an ARN, and no answer. */
export function trailCall(eventName: 'StopLogging' | 'DeleteTrail' | 'StartLogging', name: string, fields: object = {}) {
  return callEvent(eventName, { requestParameters: { name }, ...fields }, 'cloudtrail.amazonaws.com');
}

/** A call that chooses the events of a trail; the answer names the trail by its ARN. */
export function selectorsPut(trailName: string, eventSelectors: readonly object[], fields: object = {}) {
  const responseElements = { trailARN: trailArn(trailName), eventSelectors };
  return callEvent(
    'PutEventSelectors',
    { requestParameters: { trailName, eventSelectors }, responseElements, ...fields },
    'cloudtrail.amazonaws.com',
  );
}

/** A call that makes or changes a trail, whose answer says all of it. */
export function trailWritten(eventName: 'CreateTrail' | 'UpdateTrail', name: string, answer: object = {}, fields: object = {}) {
  const responseElements = {
    name,
    s3BucketName: `logs-of-${name}`,
    includeGlobalServiceEvents: true,
    isMultiRegionTrail: true,
    trailARN: trailArn(name),
    logFileValidationEnabled: true,
    isOrganizationTrail: false,
    ...answer,
  };
  return callEvent(eventName, { requestParameters: { name }, responseElements, ...fields }, 'cloudtrail.amazonaws.com');
}
