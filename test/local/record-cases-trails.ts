import { jsonAnswer } from '../../local/http.ts';
import { jsonCall } from './calls.ts';
import type { Case } from './record-case.ts';

/** A trail as CloudTrail answers it. */
const answer = {
  Name: 'management-events',
  S3BucketName: 'audit-logs',
  IncludeGlobalServiceEvents: true,
  IsMultiRegionTrail: true,
  TrailARN: 'arn:aws:cloudtrail:us-east-1:123456789012:trail/management-events',
  LogFileValidationEnabled: false,
  IsOrganizationTrail: false,
};
const TrailName = 'management-events';
const EventSelectors = [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] }];

/** Calls about trails, whose members begin with a small letter; their real records have these shapes. */
export const trailCases: { readonly [name: string]: Case } = {
  'StopLogging, which answers nothing': {
    call: jsonCall('cloudtrail', 'StopLogging', { Name: 'management-events' }),
    answer: jsonAnswer({}),
    request: { name: 'management-events' },
    response: null,
  },
  'UpdateTrail, which answers the trail': {
    call: jsonCall('cloudtrail', 'UpdateTrail', { Name: 'management-events', IsMultiRegionTrail: true }),
    answer: jsonAnswer(answer),
    request: { name: 'management-events', isMultiRegionTrail: true },
    response: {
      name: 'management-events',
      s3BucketName: 'audit-logs',
      includeGlobalServiceEvents: true,
      isMultiRegionTrail: true,
      trailARN: answer.TrailARN,
      logFileValidationEnabled: false,
      isOrganizationTrail: false,
    },
  },
  'PutEventSelectors with the older sort': {
    call: jsonCall('cloudtrail', 'PutEventSelectors', { TrailName, EventSelectors }),
    answer: jsonAnswer({ TrailARN: answer.TrailARN, EventSelectors }),
    request: {
      trailName: 'management-events',
      eventSelectors: [{ readWriteType: 'All', includeManagementEvents: true, dataResources: [], excludeManagementEventSources: [] }],
    },
    response: {
      trailARN: answer.TrailARN,
      eventSelectors: [{ readWriteType: 'All', includeManagementEvents: true, dataResources: [], excludeManagementEventSources: [] }],
    },
  },
};
