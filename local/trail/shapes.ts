import type { AwsCall } from '../emulator/aws-call.ts';
import { at, compact, isObject, type Json, type JsonObject, listAt, stringAt } from '../json.ts';
import { autoScalingRequest } from './auto-scaling.ts';
import { commandShapes } from './commands.ts';
import { documentShapes } from './documents.ts';
import { guardShapes } from './guards.ts';
import { imageShapes } from './images.ts';
import { instanceAttributeRequest, launched } from './instances.ts';
import { launchTemplateRequest, launchTemplateResponse } from './launch-templates.ts';
import { masked } from './masked.ts';
import { type Exchange, kmsKey, parameters } from './resources.ts';
import { securityGroupShapes } from './security-groups.ts';
import { snapshotShapes } from './snapshots.ts';
import { flat, lowerFirst, nest, tagSpecifications, wrappedRequest, wrappedResponse } from './styles.ts';

/** The parts of a record that differ from call to call. */
export interface CallShape {
  readonly requestParameters: Json;
  readonly responseElements: Json;
  readonly resources?: JsonObject[];
}

interface Shape {
  request?(call: AwsCall): Json;
  response?(exchange: Exchange): Json;
  resources?(exchange: Exchange): JsonObject[];
}

const done = ({ requestId }: Exchange): Json => ({ requestId, _return: true });
const nothing = (): Json => null;
/** The names of its members begin small, and the keys of its tags as somebody wrote them. */
const asSent: Shape = { request: ({ json }) => json };
const autoScaling: Shape = { request: autoScalingRequest, response: nothing };
const launchTemplate: Shape = {
  request: launchTemplateRequest,
  response: ({ call, answer, requestId }) => launchTemplateResponse(call.action, answer, requestId),
};

/** One entry a call whose record is not what its protocol alone would give. */
const shapes: { readonly [api: string]: Shape } = {
  'ec2:CreateVolume': {
    request: ({ query }) => {
      const { AvailabilityZone, Size, TagSpecification, ...others } = nest(query);
      return {
        ...flatRequest(compact({ Size })),
        ...compact({ zone: AvailabilityZone }),
        ...flatRequest(others),
        ...tagSpecifications(TagSpecification),
      };
    },
    response: ({ answer, requestId }) => {
      const { availabilityZone, attachmentSet: _, ...others } = flat(answer) as JsonObject;
      const tags = at(others, 'tagSet') ?? {};
      return {
        ...others,
        requestId,
        ...compact({ zone: availabilityZone }),
        status: 'creating',
        tagSet: tags,
        multiAttachEnabled: at(others, 'multiAttachEnabled') ?? false,
      };
    },
  },
  'ec2:RunInstances': { request: runInstancesRequest, response: runInstancesResponse },
  'ec2:AttachVolume': { request: ({ query }) => ({ ...flatRequest(nest(query)), deleteOnTermination: false }), response: flatResponse },
  'ec2:DetachVolume': {
    request: ({ query }) => ({ ...flatRequest(nest(query)), force: query.get('Force') === 'true' }),
    response: flatResponse,
  },
  'ec2:DeleteVolume': { request: ({ query }) => ({ ...flatRequest(nest(query)), reportVolumeFailure: false }), response: done },
  'ec2:CreateSnapshot': {
    request: ({ query }) => {
      const { TagSpecification, ...others } = nest(query);
      return { ...flatRequest(others), ...tagSpecifications(TagSpecification) };
    },
    response: ({ answer, requestId }) => {
      const { progress: _, ...others } = flat(answer) as JsonObject;
      return { ...others, requestId, status: 'pending', tagSet: at(others, 'tagSet') ?? {} };
    },
  },
  ...snapshotShapes,
  'ec2:DeleteSnapshot': { request: ({ query }) => flatRequest(nest(query)), response: done },
  'ec2:CreateTags': { request: tagsRequest, response: done },
  'ec2:DeleteTags': { request: tagsRequest, response: done },
  'ec2:ModifyInstanceAttribute': { request: instanceAttributeRequest, response: done },
  'ec2:TerminateInstances': { request: instancesRequest, response: flatResponse },
  'ec2:StartInstances': { request: instancesRequest, response: flatResponse },
  'ec2:StopInstances': { request: instancesRequest, response: flatResponse },
  'ec2:ModifySnapshotAttribute': {
    request: ({ query }) =>
      compact({
        attributeType: 'CREATE_VOLUME_PERMISSION',
        snapshotId: query.get('SnapshotId'),
        createVolumePermission: permission(query, 'CreateVolumePermission'),
      }),
    response: done,
  },
  'ec2:ModifyImageAttribute': {
    request: ({ query }) =>
      compact({
        attributeType: query.get('Attribute') ?? 'launchPermission',
        imageId: query.get('ImageId'),
        launchPermission: permission(query, 'LaunchPermission'),
      }),
    response: done,
  },
  ...imageShapes,
  'ec2:RegisterImage': { request: ({ query }) => flatRequest(nest(query)), response: flatResponse },
  'kms:DisableKey': { response: nothing, resources: kmsKey },
  'kms:EnableKey': { response: nothing, resources: kmsKey },
  'kms:ScheduleKeyDeletion': { resources: kmsKey },
  'kms:CancelKeyDeletion': { resources: kmsKey },
  'kms:CreateKey': { resources: kmsKey },
  'ssm:PutParameter': {
    request: ({ json }) => ({ ...(lowerFirst(json) as JsonObject), value: 'HIDDEN_DUE_TO_SECURITY_REASONS' }),
    resources: parameters,
  },
  'logs:CreateLogGroup': asSent,
  'logs:TagResource': asSent,
  'logs:TagLogGroup': asSent,
  'ssm:DeleteParameter': { resources: parameters },
  'ssm:GetParameter': { resources: parameters },
  'ssm:GetParameters': { resources: parameters },
  ...securityGroupShapes,
  ...documentShapes,
  ...commandShapes,
  ...guardShapes,
  'ec2:CreateLaunchTemplate': launchTemplate,
  'ec2:CreateLaunchTemplateVersion': launchTemplate,
  'autoscaling:CreateAutoScalingGroup': autoScaling,
  'autoscaling:UpdateAutoScalingGroup': autoScaling,
  'autoscaling:DeleteAutoScalingGroup': autoScaling,
  'autoscaling:SetDesiredCapacity': autoScaling,
  'autoscaling:CreateLaunchConfiguration': autoScaling,
  'autoscaling:DeleteLaunchConfiguration': autoScaling,
  'autoscaling:CreateOrUpdateTags': autoScaling,
  'autoscaling:DeleteTags': autoScaling,
};

/** What a record says of a call that went well. */
export function shapeOf(exchange: Exchange): CallShape {
  const { call, answer, requestId } = exchange;
  const shape = shapes[`${call.service}:${call.action}`];
  const resources = shape?.resources?.(exchange);
  const responseElements = shape?.response?.(exchange) ?? (shape?.response === undefined ? plainResponse(call, answer, requestId) : null);
  return { requestParameters: requestOf(call), responseElements, ...(resources === undefined ? {} : { resources }) };
}

/** What a record says of a call's request. */
export function requestOf(call: AwsCall): Json {
  const shape = shapes[`${call.service}:${call.action}`];
  if (shape?.request !== undefined) return shape.request(call);
  if (call.protocol === 'ec2') return wrappedRequest(call.action, nest(call.query));
  // [U] no record is public: its members begin small, and the keys of its tags are nobody's to change
  if (call.service === 'imagebuilder') return Object.keys(call.json).length === 0 ? null : call.json;
  const request = lowerFirst(call.protocol === 'query' ? nest(call.query) : call.json);
  return isObject(request) && Object.keys(request).length === 0 ? null : request;
}

function plainResponse(call: AwsCall, answer: JsonObject, requestId: string): Json {
  if (call.protocol === 'ec2') return wrappedResponse(call.action, answer, requestId);
  const content = call.protocol === 'query' ? (at(answer, `${call.action}Result`) ?? null) : answer;
  return isObject(content) && Object.keys(content).length > 0 ? lowerFirst(content) : null;
}

function flatRequest(request: JsonObject): JsonObject {
  return flat(lowerFirst(request)) as JsonObject;
}

function flatResponse({ answer, requestId }: Exchange): Json {
  return { ...(flat(answer) as JsonObject), requestId };
}

function tagsRequest({ query }: AwsCall): Json {
  const { ResourceId, Tag } = nest(query);
  return {
    resourcesSet: { items: listAt(ResourceId).map((resourceId) => ({ resourceId })) },
    tagSet: { items: listAt(Tag).map(lowerFirst) },
  };
}

function instancesRequest({ query }: AwsCall): Json {
  return { instancesSet: { items: listAt(nest(query), 'InstanceId').map((instanceId) => ({ instanceId })) } };
}

function runInstancesRequest({ query }: AwsCall): Json {
  const {
    ImageId,
    MinCount,
    MaxCount,
    KeyName,
    SecurityGroupId,
    SecurityGroup,
    BlockDeviceMapping,
    TagSpecification,
    Monitoring,
    UserData,
    ...others
  } = nest(query);
  const groups = [...listAt(SecurityGroupId).map((groupId) => ({ groupId })), ...listAt(SecurityGroup).map((groupName) => ({ groupName }))];
  const image = flatRequest(compact({ ImageId, MinCount, MaxCount, KeyName }));
  return {
    instancesSet: { items: [image] },
    ...(groups.length > 0 ? { groupSet: { items: groups } } : {}),
    ...(UserData === undefined ? {} : { userData: masked }),
    ...flatRequest(others),
    blockDeviceMapping: BlockDeviceMapping === undefined ? {} : mappings(BlockDeviceMapping),
    monitoring: { enabled: stringAt(Monitoring, 'Enabled') === 'true' },
    disableApiTermination: query.get('DisableApiTermination') === 'true',
    disableApiStop: query.get('DisableApiStop') === 'true',
    ...tagSpecifications(TagSpecification),
  };
}

// The one place where a flat record writes a size as a number.
function mappings(list: Json): Json {
  const items = listAt(list).map((one) => {
    const mapping = flatRequest(isObject(one) ? one : {});
    const ebs = at(mapping, 'ebs');
    const size = stringAt(ebs, 'volumeSize');
    return isObject(ebs) && size !== undefined ? { ...mapping, ebs: { ...ebs, volumeSize: Number(size) } } : mapping;
  });
  return { items };
}

function runInstancesResponse({ answer, requestId }: Exchange): Json {
  const content = flat(answer) as JsonObject;
  const items = listAt(content, 'instancesSet', 'items').map(launched);
  return { ...content, requestId, instancesSet: { items } };
}

function permission(query: ReadonlyMap<string, string>, name: string): Json | undefined {
  const nested = nest(query);
  const changed = (kind: 'Add' | 'Remove'): JsonObject[] => [
    ...listAt(nested, name, kind).map((one) => lowerFirst(one) as JsonObject),
    ...(query.get('OperationType')?.toLowerCase() === kind.toLowerCase()
      ? [...listAt(nested, 'UserId').map((userId) => ({ userId })), ...listAt(nested, 'UserGroup').map((group) => ({ group }))]
      : []),
  ];
  const [add, remove] = [changed('Add'), changed('Remove')];
  return compact({ add: add.length > 0 ? { items: add } : undefined, remove: remove.length > 0 ? { items: remove } : undefined });
}
