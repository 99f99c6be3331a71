import { type Trail, UpdateTrailCommand, type UpdateTrailCommandInput } from '@aws-sdk/client-cloudtrail';
import * as v from 'valibot';
import { defineControl, type Plan, type Verdict } from '#shared/control/control.ts';
import { anyTrail, trails, visibleTrails } from './kind.ts';

/** What a trail has of what it should have. */
type Options = {
  readonly isMultiRegion: boolean;
  readonly hasGlobals: boolean;
  readonly isValidated: boolean;
  readonly key: string | null;
};

interface Facts {
  readonly name: string;
  readonly arn: string;
  readonly isOrganization: boolean;
  readonly options: Options;
  /** Another trail that is of all Regions; null where there is none, or need be none. */
  readonly ofAllRegions: string | null;
}

const guide = 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide';
const made = (filter: { readonly [member: string]: readonly boolean[] }) => ({
  ...trails.calls('CreateTrail', 'UpdateTrail'),
  where: { responseElements: filter },
  breaks: true,
});

export default defineControl(trails, {
  id: 'trail-complete',
  title: 'CloudTrail trails log all Regions, and their files cannot be changed unseen',
  why: 'What happens in a Region that nobody uses is seen by no trail of one Region. Without validation nobody can tell whether a log file was changed or deleted.',
  remediation: 'Makes the trail one of all Regions, turns validation of its log files on, and encrypts them with the key of the settings.',
  severity: 'medium',
  amountsTo: 'Its role may change every trail of the Region, also to which bucket it writes: AWS has no condition for that.',
  defaultMode: 'approve',
  triggers: [{ ...made({ isMultiRegionTrail: [false] }), isMistake: false }, made({ logFileValidationEnabled: [false] })],
  permissions: {
    writes: [{ action: 'cloudtrail:UpdateTrail', resource: anyTrail }],
  },
  settings: {
    key: v.pipe(
      v.optional(v.pipe(v.string(), v.regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/, 'is not the ARN of a KMS key'))),
      v.description('The ARN of the KMS key that encrypts log files. Without it, encryption by S3 is enough.'),
    ),
  },
  costs: 'A trail of all Regions costs 2 USD for 100,000 management events where another trail logs them too, and its files what S3 takes.',
  references: [
    `${guide}/receive-cloudtrail-log-files-from-multiple-regions.html`,
    `${guide}/cloudtrail-log-file-validation-intro.html`,
    `${guide}/encrypting-cloudtrail-log-files-with-aws-kms.html`,
  ],
  iac: {
    cloudFormation:
      'set `IsMultiRegionTrail`, `IncludeGlobalServiceEvents` and `EnableLogFileValidation` of the AWS::CloudTrail::Trail to `true`, and `KMSKeyId`.',
    terraform: 'set `is_multi_region_trail` and `enable_log_file_validation` of the aws_cloudtrail to `true`, and `kms_key_id`.',
    cdk: 'set `isMultiRegionTrail: true`, `enableFileValidation: true` and `encryptionKey` of the `aws-cloudtrail.Trail`: the first two are its defaults.',
  },
  prevention: {
    none: 'No condition key says what a trail has. The policy of `trail-logging` denies `cloudtrail:UpdateTrail` and so keeps what a trail has.',
  },

  async inspectOne(trail, read): Promise<Facts> {
    const { Name: name = '', TrailARN: arn = '', IsOrganizationTrail: isOrganization = false } = trail;
    const options = optionsOf(trail);
    const others = options.isMultiRegion ? [] : await visibleTrails(read);
    const ofAll = others.find(({ TrailARN, IsMultiRegionTrail }) => IsMultiRegionTrail && TrailARN !== arn);
    return { name, arn, isOrganization, options, ofAllRegions: ofAll?.Name ?? null };
  },

  judge(facts, { settings: { key } }): Verdict {
    const missing = [
      ...(needsAll(facts) ? ['logs one Region only, and no other trail logs all of them'] : []),
      ...(facts.options.isValidated ? [] : ['does not validate its log files']),
      ...(needsKey(facts, key) ? [`does not encrypt its log files with ${key}`] : []),
    ];
    if (missing.length === 0) return { is: 'compliant', says: 'It has all that a trail should have.' };
    const says = `It ${missing.join(', and it ')}.`;
    if (!facts.isOrganization)
      return {
        is: 'violation',
        says,
        advice: ['Look first who reads its bucket: files of other Regions, and of another key, need their permission too.'],
      };
    return {
      is: 'violation',
      says,
      advice: ['It is a trail of the organization, which Redress never changes: change it in the management account.'],
    };
  },

  plan(facts, { settings: { key } }): Plan {
    if (facts.isOrganization) return { changes: [] };
    const wanted: Partial<UpdateTrailCommandInput> = {
      // AWS takes no trail of all Regions without the events of global services
      ...(needsAll(facts) && { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true }),
      ...(!facts.options.isValidated && { EnableLogFileValidation: true }),
      ...(needsKey(facts, key) && { KmsKeyId: key }),
    };
    if (Object.keys(wanted).length === 0) return { changes: [] };
    const says = `Set what ${facts.name} lacks: ${Object.keys(wanted).join(', ')}.`;
    return { changes: [{ command: new UpdateTrailCommand({ Name: facts.arn, ...wanted }), says }], isAdditive: true };
  },

  before: ({ options }) => options,

  undo(before, { name, arn, options: now }): Plan {
    const changed: Partial<UpdateTrailCommandInput> = {
      ...(before.isMultiRegion !== now.isMultiRegion && { IsMultiRegionTrail: before.isMultiRegion }),
      ...(before.hasGlobals !== now.hasGlobals && { IncludeGlobalServiceEvents: before.hasGlobals }),
      ...(before.isValidated !== now.isValidated && { EnableLogFileValidation: before.isValidated }),
      // an empty key is how AWS's own tools remove one
      ...(before.key !== now.key && { KmsKeyId: before.key ?? '' }),
    };
    if (Object.keys(changed).length === 0) return { changes: [] };
    return { changes: [{ command: new UpdateTrailCommand({ Name: arn, ...changed }), says: `Set ${name} back to what it had before.` }] };
  },
});

function optionsOf({ IsMultiRegionTrail, IncludeGlobalServiceEvents, LogFileValidationEnabled, KmsKeyId }: Trail): Options {
  return {
    isMultiRegion: IsMultiRegionTrail === true,
    hasGlobals: IncludeGlobalServiceEvents === true,
    isValidated: LogFileValidationEnabled === true,
    key: KmsKeyId || null,
  };
}

function needsAll({ options, ofAllRegions }: Facts): boolean {
  return !options.isMultiRegion && ofAllRegions === null;
}

function needsKey({ options }: Facts, key: string | undefined): boolean {
  return key !== undefined && options.key !== key;
}
