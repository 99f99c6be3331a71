/** A page of AWS about data protection. */
interface Page {
  readonly title: string;
  readonly url: string;
}

const docs = 'https://docs.aws.amazon.com';

/** The pages that Redress is measured by, in order. */
export const pages = {
  ec2: { title: 'Amazon EC2', url: `${docs}/AWSEC2/latest/UserGuide/data-protection.html` },
  scaling: { title: 'Amazon EC2 Auto Scaling', url: `${docs}/autoscaling/ec2/userguide/ec2-auto-scaling-data-protection.html` },
  ssm: { title: 'AWS Systems Manager', url: `${docs}/systems-manager/latest/userguide/data-protection.html` },
  builder: { title: 'EC2 Image Builder', url: `${docs}/imagebuilder/latest/userguide/data-protection.html` },
  sdks: { title: 'The AWS SDKs', url: `${docs}/sdk-for-javascript/v3/developer-guide/data-protection.html` },
} as const satisfies { readonly [page: string]: Page };

/** A sentence of those pages, in our own words. */
interface Sentence {
  /** The page that has it; absent where all have it. */
  readonly on?: keyof typeof pages;
  readonly asks: string;
  /** Why no control can cover it, or what does so besides controls. */
  readonly besides?: string;
}

const byAws = 'AWS does this itself, and no setting of yours changes it.';

/** Every sentence that asks or promises something. A control joins one by its line in `covers`. */
export const sentences = {
  responsibility: { asks: 'AWS protects what the cloud runs on. What you keep there, and how the services are set, is yours to control.' },
  credentials: {
    asks: 'Protect the credentials of the account, and give each person a user with the permissions of their job alone.',
    besides: 'Which permissions a job needs shows in no call: IAM Access Analyzer finds what nobody uses.',
  },
  mfa: { asks: 'Use multi-factor authentication with each account.' },
  tls: { asks: 'Speak TLS with AWS: 1.2 at least, better 1.3.', besides: 'AWS refuses what is older.' },
  logging: {
    asks: 'Log API calls and what users do, with CloudTrail.',
    besides: 'Redress gets its events through a trail: [`redress status`](operations.md) says where none delivers.',
  },
  encryption: { asks: 'Use the encryption that AWS offers, and the security controls that its services have by default.' },
  managed: { asks: 'Use managed security services, such as Macie, which finds sensitive data in S3.' },
  fips: { asks: 'Use FIPS endpoints where you need validated cryptographic modules.' },
  text: { asks: 'Put nothing confidential into tags and free-form text, such as names: it may show in bills and diagnostic logs.' },
  urls: { asks: 'Put no credentials into the URL of an external server.' },

  emptied: { on: 'ec2', asks: 'EBS empties the blocks of a volume before anybody uses them again.', besides: byAws },
  erasing: {
    on: 'ec2',
    asks: 'You may erase a volume by a method of your own, before or after its use.',
    besides: 'That happens inside an instance, and no call shows it.',
  },
  ebs: { on: 'ec2', asks: 'Encrypt volumes and snapshots with EBS encryption, under keys of KMS.' },
  store: {
    on: 'ec2',
    asks: 'Instance store volumes are encrypted under keys that end with the instance, and emptied when it stops.',
    besides: byAws,
  },
  memory: {
    on: 'ec2',
    asks: 'The memory of instances with newer processors is encrypted.',
    besides: 'It comes with the processor of the instance, and no setting turns it on.',
  },
  physical: { on: 'ec2', asks: 'Traffic between Regions and between Availability Zones is encrypted on the wire.', besides: byAws },
  peering: { on: 'ec2', asks: 'Traffic of peered VPCs and transit gateways is encrypted when it leaves a Region.', besides: byAws },
  between: { on: 'ec2', asks: 'Some instance types encrypt what they send each other, within a VPC or peered ones.' },
  outposts: { on: 'ec2', asks: 'The connections of an Outpost to its Region are encrypted.', besides: byAws },
  remote: { on: 'ec2', asks: 'Reach instances over SSH, Session Manager or Run Command, which encrypt, and which IAM authorizes.' },
  clients: { on: 'ec2', asks: 'Encrypt sensitive data between clients and your instances, such as with TLS: that is up to you.' },

  group: { on: 'scaling', asks: 'Encrypt the volumes of a group under a key of KMS; only a launch template names a customer key.' },
  policy: { on: 'scaling', asks: 'The policy of a customer key has to let Auto Scaling use it.' },
  enforced: { on: 'scaling', asks: 'Encryption by default makes every new volume and copy of a snapshot encrypted.' },

  secure: { on: 'ssm', asks: 'Keep sensitive data in SecureString parameters alone, and not in String or StringList.' },
  buckets: {
    on: 'ssm',
    asks: 'Encrypt the buckets that commands, sessions, patches, inventory and reports are written to.',
    besides: 'Since 2023 S3 encrypts every new object by itself.',
  },
  groups: {
    on: 'ssm',
    asks: 'Encrypt the log groups that commands, scripts, sessions and the agent write to.',
    besides: 'CloudWatch Logs encrypts every log group by itself, under a key of its own where you name none.',
  },
  ssmClients: { on: 'ssm', asks: 'Encrypt sensitive data between clients and your instances, such as with TLS.' },
  endpoints: { on: 'ssm', asks: 'The endpoints of Systems Manager take HTTPS alone.', besides: byAws },
  nodes: { on: 'ssm', asks: 'Some instance types encrypt what they send each other.' },
  sessions: { on: 'ssm', asks: 'Sessions are encrypted with TLS, and under a key of yours too where you set one.' },
  commands: { on: 'ssm', asks: 'Run Command reaches instances over TLS, by signed requests.', besides: byAws },
  boundaries: {
    on: 'ssm',
    asks: 'Draw boundaries with VPCs and VPC endpoints, between nodes, your network and the internet.',
    besides: 'Which traffic has to stay inside is your design. Rules that let the world in are found.',
  },

  built: { on: 'builder', asks: 'Image Builder encrypts in transit and at rest by default.', besides: byAws },
  shared: { on: 'builder', asks: 'Components can be shared with other accounts; building needs no sharing.' },
  component: {
    on: 'builder',
    asks: "A component is encrypted under your key, or under one of Image Builder's own.",
    besides: 'So each is encrypted, whatever you set.',
  },
  buildLogs: {
    on: 'builder',
    asks: 'Image Builder keeps no logs: they lie on the build instance, or in the logs of Automation.',
    besides: 'What is on an instance shows in no call.',
  },
  buildKeys: { on: 'builder', asks: 'Manage your own keys in KMS.' },
  builderTraffic: {
    on: 'builder',
    asks: 'Connections of Image Builder are secured by HTTPS, and none leads directly to another account.',
    besides: byAws,
  },
} as const satisfies { readonly [id: string]: Sentence };

/** The id of a sentence. */
export type SentenceId = keyof typeof sentences;

const secrets: readonly SentenceId[] = ['text', 'urls'];

/** Which sentences each control covers; one line a control, and one for all tag controls of a sort. */
export const covers: { readonly [control: string]: readonly SentenceId[] } = {
  '*-owner-tag': ['responsibility'],
  '*-required-tags': ['responsibility'],
  '*-sensitive-tags': ['text'],
  'auto-scaling-group-encrypted': ['ebs', 'group'],
  'auto-scaling-key-usable': ['policy'],
  'bucket-public-access-blocked': ['encryption', 'buckets'],
  'call-transport': ['tls', 'fips', 'endpoints'],
  'calls-with-mfa': ['mfa'],
  'command-no-secrets': secrets,
  'command-output-known': ['buckets', 'groups'],
  'component-key': ['component'],
  'component-no-secrets': secrets,
  'container-recipe-no-secrets': secrets,
  'default-security-group-empty': ['encryption', 'boundaries'],
  'distribution-encrypted': ['ebs', 'built'],
  'distribution-private': ['responsibility', 'shared'],
  'document-no-secrets': secrets,
  'document-private': ['responsibility'],
  'document-sharing-blocked': ['encryption'],
  'ebs-default-encryption': ['encryption', 'ebs', 'enforced'],
  'events-arriving': ['logging'],
  'guardduty-on': ['managed'],
  'image-builder-shared-known': ['shared'],
  'image-encrypted': ['ebs'],
  'image-imds-v2': ['credentials'],
  'image-private': ['responsibility', 'shared'],
  'image-shared-known': ['responsibility', 'shared'],
  'image-sharing-blocked': ['encryption'],
  'images-allowed-audited': ['encryption'],
  'imds-defaults-v2': ['credentials', 'encryption'],
  'infrastructure-imds-v2': ['credentials'],
  'instance-imds-v2': ['credentials'],
  'instance-transit-encrypted': ['between', 'nodes'],
  'instance-user-data-no-secrets': secrets,
  'key-usable': ['encryption', 'ebs', 'buildKeys'],
  'launch-configuration-encrypted': ['ebs', 'group'],
  'launch-configuration-user-data-no-secrets': secrets,
  'launch-template-encrypted': ['ebs', 'group'],
  'launch-template-user-data-no-secrets': secrets,
  'log-group-key': ['groups'],
  'macie-on': ['managed', 'buckets'],
  'mfa-kept': ['mfa'],
  'ops-item-no-sensitive': ['text'],
  'parameter-secure': ['secure'],
  'recipe-encrypted': ['ebs', 'built'],
  'resource-data-sync-key': ['buckets'],
  'root-has-mfa': ['mfa'],
  'root-session-known': ['credentials'],
  'root-unused': ['credentials'],
  'security-group-admin-closed': ['remote', 'boundaries'],
  'security-group-cleartext-closed': ['clients', 'ssmClients', 'boundaries'],
  'security-group-egress-encrypted': ['clients', 'ssmClients'],
  'serial-console-off': ['encryption', 'remote'],
  'session-preferences-logged': ['logging', 'buckets', 'groups', 'sessions', 'remote'],
  'sign-in-with-mfa': ['mfa'],
  'snapshot-encrypted': ['ebs'],
  'snapshot-private': ['responsibility'],
  'snapshot-shared-known': ['responsibility'],
  'snapshot-sharing-blocked': ['encryption'],
  'snapshot-use-known': ['responsibility'],
  'trail-complete': ['logging'],
  'trail-logging': ['logging'],
  'user-has-mfa': ['mfa'],
  'volume-encrypted': ['ebs'],
  'vpc-encryption-monitored': ['between', 'nodes', 'boundaries'],
};
