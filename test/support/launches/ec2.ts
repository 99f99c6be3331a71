import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeImagesCommand,
  DescribeInstanceTypesCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSnapshotsCommand,
  type Filter,
  GetEbsDefaultKmsKeyIdCommand,
  GetEbsEncryptionByDefaultCommand,
  type LaunchTemplateVersion,
  ModifyLaunchTemplateCommand,
  type RequestLaunchTemplateData,
  type ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { AwsStub } from 'aws-sdk-client-mock';
import { awsError } from '../harness.ts';
import type { Answer } from '../kms.ts';
import type { Account, State, Template } from './account.ts';

// biome-ignore lint/suspicious/noExplicitAny: the mock's own type parameters
type Stub = AwsStub<any, any, any>;

/** The calls of EC2 that launches are judged and set right by. */
export function mockEc2(ec2: Stub, account: Account, { templates }: State, answer: Answer): void {
  const find = (id: string | undefined, name?: string): Template => {
    const found = templates.find((one) => one.LaunchTemplateId === id || (name !== undefined && one.LaunchTemplateName === name));
    if (!found)
      throw awsError('InvalidLaunchTemplateId.NotFound', `The specified launch template, with template ID ${id}, does not exist.`);
    return found;
  };
  const shown = (one: Template): LaunchTemplateVersion[] =>
    one.versions.map(({ data, description, createdBy }, n) => ({
      LaunchTemplateId: one.LaunchTemplateId,
      VersionNumber: n + 1,
      VersionDescription: description,
      ...(createdBy && { CreatedBy: createdBy }),
      DefaultVersion: n + 1 === (one.default ?? 1),
      LaunchTemplateData: data,
    }));
  const numberOf = (one: Template, version: string): number =>
    version === '$Latest' ? one.versions.length : version === '$Default' ? (one.default ?? 1) : Number(version);

  ec2.on(DescribeLaunchTemplatesCommand).callsFake(
    answer('DescribeLaunchTemplates', ({ LaunchTemplateIds, Filters }: DescribeLaunchTemplatesCommand['input']) => ({
      LaunchTemplates: (LaunchTemplateIds ? LaunchTemplateIds.map((id) => find(id)) : templates)
        .filter(({ Tags }) => matches(Filters, (name) => Tags?.filter(({ Key }) => `tag:${Key}` === name).map(({ Value }) => Value)))
        .map(({ versions, default: number, ...one }) => ({
          ...one,
          LatestVersionNumber: versions.length,
          DefaultVersionNumber: number ?? 1,
        })),
    })),
  );
  ec2.on(DescribeLaunchTemplateVersionsCommand).callsFake(
    answer('DescribeLaunchTemplateVersions', (input: DescribeLaunchTemplateVersionsCommand['input']) => {
      const one = find(input.LaunchTemplateId);
      const all = shown(one);
      const wanted = input.Versions?.map((version) => numberOf(one, version));
      const missing = wanted?.find((number) => number > all.length);
      if (missing) throw awsError('InvalidLaunchTemplateId.VersionNotFound', `Could not find launch template version ${missing}.`);
      const from = Number(input.MinVersion ?? 1);
      const found = all.filter(({ VersionNumber = 0 }) => (wanted ? wanted.includes(VersionNumber) : VersionNumber >= from));
      const start = Number(input.NextToken ?? 0);
      const end = start + (account.pageSize ?? found.length);
      // AWS shows the newest first
      const page = found.reverse().slice(start, end);
      return {
        LaunchTemplateVersions: input.ResolveAlias ? page.map(resolved) : page,
        ...(end < found.length && { NextToken: String(end) }),
      };
    }),
  );
  const resolved = (version: LaunchTemplateVersion): LaunchTemplateVersion => {
    const name = version.LaunchTemplateData?.ImageId?.replace(/^resolve:ssm:/, '') ?? '';
    if (!version.LaunchTemplateData?.ImageId?.startsWith('resolve:ssm:')) return version;
    const ImageId = account.parameters?.[name];
    if (!ImageId) throw awsError('InvalidParameterValue', `The parameter ${name} could not be resolved.`);
    return { ...version, LaunchTemplateData: { ...version.LaunchTemplateData, ImageId } };
  };
  const taken = new Map<string, string>();
  ec2.on(CreateLaunchTemplateVersionCommand).callsFake(
    answer('CreateLaunchTemplateVersion', (input: CreateLaunchTemplateVersionCommand['input']) => {
      const one = find(input.LaunchTemplateId);
      // a repeat is answered and makes nothing; the token with anything else is refused
      const [token, parameters] = [input.ClientToken ?? '', JSON.stringify(input)];
      const earlier = taken.get(token);
      if (token && earlier && earlier !== parameters)
        throw awsError('IdempotentParameterMismatch', 'The client token was used with other parameters.');
      if (token && earlier) return { LaunchTemplateVersion: shown(one).at(-1) };
      taken.set(token, parameters);
      one.versions.push({
        data: kept(input.LaunchTemplateData),
        ...(input.VersionDescription && { description: input.VersionDescription }),
      });
      return { LaunchTemplateVersion: shown(one).at(-1) };
    }),
  );
  ec2.on(CreateLaunchTemplateCommand).callsFake(
    answer('CreateLaunchTemplate', (input: CreateLaunchTemplateCommand['input']) => {
      const Tags = input.TagSpecifications?.[0]?.Tags;
      const one: Template = {
        LaunchTemplateId: `lt-new${templates.length + 1}`,
        LaunchTemplateName: input.LaunchTemplateName,
        versions: [{ data: kept(input.LaunchTemplateData) }],
        ...(Tags && { Tags }),
      };
      templates.push(one);
      return { LaunchTemplate: { LaunchTemplateId: one.LaunchTemplateId } };
    }),
  );
  ec2.on(ModifyLaunchTemplateCommand).callsFake(
    answer('ModifyLaunchTemplate', (input: ModifyLaunchTemplateCommand['input']) => {
      const one = find(input.LaunchTemplateId);
      one.default = Number(input.DefaultVersion);
      return { LaunchTemplate: { LaunchTemplateId: one.LaunchTemplateId } };
    }),
  );
  ec2.on(DescribeImagesCommand).callsFake(
    answer('DescribeImages', ({ Filters }: DescribeImagesCommand['input']) => ({
      Images: (account.images ?? []).filter(({ ImageId }) => matches(Filters, () => [ImageId])),
    })),
  );
  ec2.on(DescribeSnapshotsCommand).callsFake(
    answer('DescribeSnapshots', ({ Filters }: DescribeSnapshotsCommand['input']) => ({
      Snapshots: (account.snapshots ?? []).filter(({ SnapshotId }) => matches(Filters, () => [SnapshotId])),
    })),
  );
  ec2.on(DescribeInstanceTypesCommand).callsFake(
    answer('DescribeInstanceTypes', ({ InstanceTypes = [] }: DescribeInstanceTypesCommand['input']) => ({
      InstanceTypes: InstanceTypes.map((InstanceType) => ({
        InstanceType,
        EbsInfo: { EncryptionSupport: account.unsupported?.includes(InstanceType) ? ('unsupported' as const) : ('supported' as const) },
      })),
    })),
  );
  ec2
    .on(GetEbsEncryptionByDefaultCommand)
    .callsFake(answer('GetEbsEncryptionByDefault', () => ({ EbsEncryptionByDefault: account.isDefaultOn ?? false })));
  ec2
    .on(GetEbsDefaultKmsKeyIdCommand)
    .callsFake(answer('GetEbsDefaultKmsKeyId', () => ({ KmsKeyId: account.defaultKey ?? 'alias/aws/ebs' })));
}

function matches(filters: Filter[] | undefined, valuesOf: (name: string) => (string | undefined)[] | undefined): boolean {
  return (filters ?? []).every(({ Name = '', Values = [] }) => (valuesOf(Name) ?? []).some((value) => Values.includes(value ?? '')));
}

/** AWS answers the members that it was given. */
function kept(data: RequestLaunchTemplateData | undefined): ResponseLaunchTemplateData {
  return (data ?? {}) as ResponseLaunchTemplateData;
}
