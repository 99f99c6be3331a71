import { randomUUID } from 'node:crypto';
import { type AwsCall, isRead } from '../emulator/aws-call.ts';
import { readError } from '../emulator/aws-error.ts';
import { parseAnswer } from '../emulator/ec2-xml.ts';
import type { HttpAnswer } from '../http.ts';
import { isObject, type JsonObject, parseJson } from '../json.ts';
import { type Caller, invokingService, userIdentity } from './identity.ts';
import { type CallShape, requestOf, shapeOf } from './shapes.ts';

/** A CloudTrail record; only what this code reads of it is named. */
export interface TrailRecord extends JsonObject {
  eventID: string;
  eventName: string;
  eventSource: string;
  eventTime: string;
  awsRegion: string;
  recipientAccountId: string;
  readOnly: boolean;
}

// Data events: a trail does not log them unless asked to, and EventBridge then has none either.
const dataEvents: { readonly [service: string]: RegExp } = {
  dynamodb: /Item|Query|Scan|ExecuteStatement|ExecuteTransaction/,
  sqs: /Message/,
  sns: /Publish/,
  events: /PutEvents/,
  s3: /Object/,
  lambda: /Invoke/,
  logs: /PutLogEvents|GetLogEvents|FilterLogEvents/,
  monitoring: /PutMetricData|GetMetricData/,
  xray: /./,
};

/** Whether CloudTrail logs a call without being set to log data events. */
export function isManagementEvent({ service, action }: AwsCall): boolean {
  return dataEvents[service]?.test(action) !== true;
}

/** Builds the record that CloudTrail would write of a call and its answer. */
export function buildRecord(call: AwsCall, caller: Caller, answer: HttpAnswer, requestId: string, now = new Date()): TrailRecord {
  const service = invokingService(call.userAgent);
  const error = readError(answer);
  const shape: CallShape =
    error === undefined
      ? shapeOf({ call, answer: contentOf(call, answer), requestId })
      : { requestParameters: requestOf(call), responseElements: null };
  return {
    eventVersion: '1.11',
    userIdentity: userIdentity(caller, call.accessKeyId, service),
    eventTime: now.toISOString().replace(/\.\d+/, ''),
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.action,
    awsRegion: call.region,
    sourceIPAddress: service ?? call.sourceIp,
    userAgent: service ?? call.userAgent,
    ...(error === undefined ? {} : { errorCode: errorCode(call, error.code, answer.status), errorMessage: error.message }),
    requestParameters: shape.requestParameters,
    responseElements: isRead(call.action) ? null : shape.responseElements,
    requestID: requestId,
    eventID: randomUUID(),
    readOnly: isRead(call.action),
    ...(shape.resources === undefined ? {} : { resources: shape.resources }),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: call.account,
    eventCategory: 'Management',
  };
}

function contentOf(call: AwsCall, answer: HttpAnswer): JsonObject {
  if (call.protocol === 'ec2' || call.protocol === 'query') return parseAnswer(answer.body);
  const json = parseJson(answer.body.toString('utf8'));
  return isObject(json) ? json : {};
}

function errorCode(call: AwsCall, code: string, status: number): string {
  if (call.protocol !== 'ec2' || /^(Client|Server)\./.test(code)) return code;
  return `${status < 500 ? 'Client' : 'Server'}.${code}`;
}
