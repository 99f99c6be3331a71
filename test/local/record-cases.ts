import { jsonAnswer } from '../../local/http.ts';
import { ec2Call, jsonCall } from './calls.ts';
import { type Case, xml } from './record-case.ts';
import { commandCases } from './record-cases-commands.ts';
import { documentCases } from './record-cases-documents.ts';
import { launchCases } from './record-cases-launches.ts';
import { securityGroupCases } from './record-cases-security-groups.ts';
import { settingCases } from './record-cases-settings.ts';
import { trailCases } from './record-cases-trails.ts';
import { vpcCases } from './record-cases-vpcs.ts';

const tagged = {
  'TagSpecification.1.ResourceType': 'volume',
  'TagSpecification.1.Tag.1.Key': 'live',
  'TagSpecification.1.Tag.1.Value': 'true',
};
const tagSet = '<tagSet><item><key>live</key><value>true</value></item></tagSet>';
const tagSpecificationSet = { items: [{ resourceType: 'volume', tags: [{ key: 'live', value: 'true' }] }] };

/** One case a shape. */
export const cases: { readonly [name: string]: Case } = {
  'CreateVolume with a tag': {
    call: ec2Call('CreateVolume', { Size: '80', AvailabilityZone: 'us-east-1a', ClientToken: 't', ...tagged }),
    answer: xml(
      'CreateVolume',
      `${tagSet}<volumeType>gp2</volumeType><volumeId>vol-1</volumeId><size>80</size><availabilityZone>us-east-1a</availabilityZone><status>available</status><createTime>2026-11-22T01:02:03.000Z</createTime><attachmentSet/><encrypted>false</encrypted>`,
    ),
    request: { size: '80', zone: 'us-east-1a', clientToken: 't', tagSpecificationSet },
    response: {
      requestId: 'r-1',
      volumeId: 'vol-1',
      size: '80',
      zone: 'us-east-1a',
      status: 'creating',
      createTime: 1795309323000,
      volumeType: 'gp2',
      encrypted: false,
      tagSet: { items: [{ key: 'live', value: 'true' }] },
      multiAttachEnabled: false,
    },
  },
  'CreateVolume that asks for encryption': {
    call: ec2Call('CreateVolume', { Size: '1', AvailabilityZone: 'us-east-1a', Encrypted: 'true', Iops: '3000', VolumeType: 'gp3' }),
    answer: xml(
      'CreateVolume',
      '<iops>3000</iops><volumeType>gp3</volumeType><volumeId>vol-1</volumeId><size>1</size><encrypted>true</encrypted>',
    ),
    request: { size: '1', zone: 'us-east-1a', encrypted: true, iops: 3000, volumeType: 'gp3' },
    response: {
      requestId: 'r-1',
      volumeId: 'vol-1',
      size: '1',
      status: 'creating',
      iops: 3000,
      volumeType: 'gp3',
      encrypted: true,
      tagSet: {},
      multiAttachEnabled: false,
    },
  },
  'RunInstances, which names no volumes': {
    call: ec2Call('RunInstances', {
      ImageId: 'ami-1',
      MinCount: '1',
      MaxCount: '2',
      InstanceType: 't3.nano',
      'SecurityGroupId.1': 'sg-1',
      UserData: 'c2VjcmV0',
      ...tagged,
    }),
    answer: xml(
      'RunInstances',
      '<reservationId>r-2</reservationId><ownerId>123456789012</ownerId><groupSet/><instancesSet><item><instanceId>i-1</instanceId><instanceState><code>0</code><name>pending</name></instanceState><reason/><blockDeviceMapping><item><deviceName>/dev/sda1</deviceName></item></blockDeviceMapping><launchTime>2026-11-22T01:02:03.000Z</launchTime></item></instancesSet>',
    ),
    request: {
      instancesSet: { items: [{ imageId: 'ami-1', minCount: 1, maxCount: 2 }] },
      groupSet: { items: [{ groupId: 'sg-1' }] },
      userData: '<sensitiveDataRemoved>',
      instanceType: 't3.nano',
      blockDeviceMapping: {},
      monitoring: { enabled: false },
      disableApiTermination: false,
      disableApiStop: false,
      tagSpecificationSet,
    },
    response: {
      requestId: 'r-1',
      reservationId: 'r-2',
      ownerId: '123456789012',
      groupSet: {},
      instancesSet: {
        items: [{ instanceId: 'i-1', instanceState: { code: 0, name: 'pending' }, blockDeviceMapping: {}, launchTime: 1795309323000 }],
      },
    },
  },
  'ModifyInstanceAttribute, which hides user data': {
    call: ec2Call('ModifyInstanceAttribute', {
      InstanceId: 'i-1',
      'DisableApiTermination.Value': 'false',
      'UserData.Value': 'c2VjcmV0',
      'GroupId.1': 'sg-1',
    }),
    answer: xml('ModifyInstanceAttribute', '<return>true</return>'),
    request: {
      instanceId: 'i-1',
      disableApiTermination: { value: false },
      userData: '<sensitiveDataRemoved>',
      groupSet: { items: [{ groupId: 'sg-1' }] },
    },
    response: { requestId: 'r-1', _return: true },
  },
  'ModifyInstanceAttribute, which hides the value of an attribute that is named': {
    call: ec2Call('ModifyInstanceAttribute', { InstanceId: 'i-1', Attribute: 'userData', Value: 'c2VjcmV0' }),
    answer: xml('ModifyInstanceAttribute', '<return>true</return>'),
    request: { instanceId: 'i-1', attribute: 'userData', value: '<sensitiveDataRemoved>' },
    response: { requestId: 'r-1', _return: true },
  },
  'CreateTags and its like': {
    call: ec2Call('CreateTags', { 'ResourceId.1': 'vol-1', 'ResourceId.2': 'vol-2', 'Tag.1.Key': 'a', 'Tag.1.Value': '1' }),
    answer: xml('CreateTags', '<return>true</return>'),
    request: { resourcesSet: { items: [{ resourceId: 'vol-1' }, { resourceId: 'vol-2' }] }, tagSet: { items: [{ key: 'a', value: '1' }] } },
    response: { requestId: 'r-1', _return: true },
  },
  AttachVolume: {
    call: ec2Call('AttachVolume', { VolumeId: 'vol-1', InstanceId: 'i-1', Device: '/dev/sdf' }),
    answer: xml(
      'AttachVolume',
      '<volumeId>vol-1</volumeId><instanceId>i-1</instanceId><status>attaching</status><attachTime>2026-11-22T01:02:03.000Z</attachTime>',
    ),
    request: { volumeId: 'vol-1', instanceId: 'i-1', device: '/dev/sdf', deleteOnTermination: false },
    response: { requestId: 'r-1', volumeId: 'vol-1', instanceId: 'i-1', status: 'attaching', attachTime: 1795309323000 },
  },
  DeleteVolume: {
    call: ec2Call('DeleteVolume', { VolumeId: 'vol-1' }),
    answer: xml('DeleteVolume', '<return>true</return>'),
    request: { volumeId: 'vol-1', reportVolumeFailure: false },
    response: { requestId: 'r-1', _return: true },
  },
  CreateSnapshot: {
    call: ec2Call('CreateSnapshot', { VolumeId: 'vol-1' }),
    answer: xml(
      'CreateSnapshot',
      '<snapshotId>snap-1</snapshotId><volumeId>vol-1</volumeId><status>completed</status><ownerId>123456789012</ownerId><volumeSize>8</volumeSize><encrypted>false</encrypted><progress>100%</progress>',
    ),
    request: { volumeId: 'vol-1' },
    response: {
      requestId: 'r-1',
      snapshotId: 'snap-1',
      volumeId: 'vol-1',
      status: 'pending',
      ownerId: '123456789012',
      volumeSize: '8',
      encrypted: false,
      tagSet: {},
    },
  },
  CopySnapshot: {
    call: ec2Call('CopySnapshot', {
      SourceSnapshotId: 'snap-0',
      SourceRegion: 'eu-west-1',
      Encrypted: 'true',
      PresignedUrl: 'https://ec2.eu-west-1.amazonaws.com/?X-Amz-Signature=s',
      'TagSpecification.1.ResourceType': 'snapshot',
      'TagSpecification.1.Tag.1.Key': 'team',
      'TagSpecification.1.Tag.1.Value': 'shop',
    }),
    answer: xml('CopySnapshot', '<snapshotId>snap-1</snapshotId>'),
    request: {
      sourceSnapshotId: 'snap-0',
      sourceRegion: 'eu-west-1',
      encrypted: true,
      tagSpecificationSet: { items: [{ resourceType: 'snapshot', tags: [{ key: 'team', value: 'shop' }] }] },
    },
    response: { requestId: 'r-1', snapshotId: 'snap-1' },
  },
  'ModifySnapshotAttribute in its new form': {
    call: ec2Call('ModifySnapshotAttribute', { SnapshotId: 'snap-1', 'CreateVolumePermission.Add.1.UserId': '098797384747' }),
    answer: xml('ModifySnapshotAttribute', ''),
    request: {
      attributeType: 'CREATE_VOLUME_PERMISSION',
      snapshotId: 'snap-1',
      createVolumePermission: { add: { items: [{ userId: '098797384747' }] } },
    },
    response: { requestId: 'r-1', _return: true },
  },
  'ModifyImageAttribute in its old form': {
    call: ec2Call('ModifyImageAttribute', { ImageId: 'ami-1', Attribute: 'launchPermission', OperationType: 'add', 'UserGroup.1': 'all' }),
    answer: xml('ModifyImageAttribute', ''),
    request: { attributeType: 'launchPermission', imageId: 'ami-1', launchPermission: { add: { items: [{ group: 'all' }] } } },
    response: { requestId: 'r-1', _return: true },
  },
  'EnableEbsEncryptionByDefault, wrapped and empty': {
    call: ec2Call('EnableEbsEncryptionByDefault'),
    answer: xml('EnableEbsEncryptionByDefault', '<ebsEncryptionByDefault>true</ebsEncryptionByDefault>'),
    request: { EnableEbsEncryptionByDefaultRequest: '' },
    response: {
      EnableEbsEncryptionByDefaultResponse: {
        xmlns: 'http://ec2.amazonaws.com/doc/2016-11-15/',
        requestId: 'r-1',
        ebsEncryptionByDefault: true,
      },
    },
  },
  'CopyVolumes, wrapped, with a list of one': {
    call: ec2Call('CopyVolumes', { SourceVolumeId: 'vol-1', Encrypted: 'true', ...tagged }),
    answer: xml('CopyVolumes', `<volumeSet><item><volumeId>vol-2</volumeId><size>8</size>${tagSet}</item></volumeSet>`),
    request: {
      CopyVolumesRequest: {
        SourceVolumeId: 'vol-1',
        Encrypted: true,
        TagSpecification: { ResourceType: 'volume', tag: 1, Tag: { Key: 'live', Value: true, tag: 1 } },
      },
    },
    response: {
      CopyVolumesResponse: {
        xmlns: 'http://ec2.amazonaws.com/doc/2016-11-15/',
        requestId: 'r-1',
        volumeSet: { item: { volumeId: 'vol-2', size: 8, tagSet: { item: { key: 'live', value: true } } } },
      },
    },
  },
  'kms DisableKey': {
    call: jsonCall('kms', 'TrentService.DisableKey', { KeyId: 'k-1' }),
    answer: jsonAnswer({}),
    request: { keyId: 'k-1' },
    response: null,
  },
  'ssm PutParameter, whose value is hidden': {
    call: jsonCall('ssm', 'AmazonSSM.PutParameter', { Name: '/a/b', Value: 'secret', Type: 'String' }),
    answer: jsonAnswer({ Version: 1, Tier: 'Standard' }),
    request: { name: '/a/b', value: 'HIDDEN_DUE_TO_SECURITY_REASONS', type: 'String' },
    response: { version: 1, tier: 'Standard' },
  },
  ...launchCases,
  ...settingCases,
  ...trailCases,
  ...securityGroupCases,
  ...vpcCases,
  ...commandCases,
  ...documentCases,
};
