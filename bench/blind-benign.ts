import { type Sample, samples } from './samples.ts';

// Blind, and made as `blind-sensitive.ts` says: on 2026-11-25, without sight of the detectors, measured once and never tuned to.
// These are the ordinary values of parameters, tags and descriptions, about as often as people have them; few were chosen to be hard.
// Left out is what two careful engineers might label differently: a sender's mailbox such as no-reply, the name of a person alone, bare
// letters and digits that could be a client's id or its secret, a bare digest in base64.

/** Ordinary values that are nobody's secret: what it is, the document, the value. */
export const blindBenign: readonly Sample[] = samples(
  String.raw`
image | https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html | ami-0«hex 16»
instance type | https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-types.html | m6i.2xlarge
VPC | https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-vpcs.html | vpc-0«hex 16»
subnets, a list | https://docs.aws.amazon.com/systems-manager/latest/userguide/param-create-cli.html | subnet-0«hex 16»,subnet-0«hex 16»,subnet-0«hex 16»
security group | https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-security-groups.html | sg-0«hex 16»
security groups as JSON | https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-security-groups.html | ["sg-0«hex 16»","sg-0«hex 16»"]
instance | https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-instances.html | i-0«hex 16»
file system | https://docs.aws.amazon.com/cli/latest/reference/efs/describe-file-systems.html | fs-0«hex 16»
role of a task | https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html | arn:aws:iam::4«digit 11»:role/prod-orders-task
function | https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html | arn:aws:lambda:eu-west-1:4«digit 11»:function:orders-handler:live
queue by URL | https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html | https://sqs.eu-west-1.amazonaws.com/4«digit 11»/orders-prod-events.fifo
topic | https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html | arn:aws:sns:us-east-1:4«digit 11»:ops-alerts
certificate by ARN | https://docs.aws.amazon.com/cli/latest/reference/acm/list-certificates.html | arn:aws:acm:us-east-1:4«digit 11»:certificate/«uuid»
KMS key | https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html | arn:aws:kms:eu-central-1:4«digit 11»:key/«uuid»
target group | https://docs.aws.amazon.com/cli/latest/reference/elbv2/describe-target-groups.html | arn:aws:elasticloadbalancing:eu-west-1:4«digit 11»:targetgroup/orders-api/«hex 16»
endpoint of RDS | https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ConnectToPostgreSQLInstance.html | orders-prod.c«base36 11».eu-west-1.rds.amazonaws.com
reader endpoint of Aurora with port | https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.Endpoints.html | catalog.cluster-ro-c«base36 11».us-east-1.rds.amazonaws.com:3306
endpoint of ElastiCache | https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html | sessions-prod.«base36 6».ng.0001.euw1.cache.amazonaws.com
endpoint of OpenSearch | https://docs.aws.amazon.com/opensearch-service/latest/developerguide/createupdatedomains.html | https://vpc-logs-prod-«base36 26».eu-west-1.es.amazonaws.com
name of a load balancer | https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html | internal-orders-alb-1«digit 9».eu-west-1.elb.amazonaws.com
brokers of Kafka | https://docs.aws.amazon.com/msk/latest/developerguide/msk-get-bootstrap-brokers.html | b-1.events.q7x2ke.c4.kafka.eu-west-1.amazonaws.com:9098,b-2.events.q7x2ke.c4.kafka.eu-west-1.amazonaws.com:9098
API Gateway by URL | https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html | https://«base36 10».execute-api.eu-west-1.amazonaws.com/prod
endpoint of EKS | https://docs.aws.amazon.com/cli/latest/reference/eks/describe-cluster.html | https://«HEX 32».gr7.eu-west-1.eks.amazonaws.com
issuer of tokens | https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html | https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_«base62 9»
domain of CloudFront | https://docs.aws.amazon.com/cli/latest/reference/cloudfront/get-distribution.html | d«base36 13».cloudfront.net
service by internal URL | https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html | http://payments.internal.contoso.com:8080/api/v2
origins for CORS | https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html | https://app.contoso.com,https://admin.contoso.com,http://localhost:3000
private address | https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html | 10.20.14.7
network | https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html | 10.32.0.0/16
networks of offices | https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html | 203.0.113.0/24,198.51.100.17/32
database without a password | https://jdbc.postgresql.org/documentation/use/ | jdbc:postgresql://orders-db.internal.contoso.com:5432/orders?ssl=true
cache without a password | https://redis.io/docs/latest/develop/tools/cli/ | redis://cache.internal.contoso.com:6379/1
DSN of Sentry, public by its own word | https://docs.sentry.io/concepts/key-terms/dsn-explainer/ | https://«hex 32»@o«digit 6».ingest.us.sentry.io/45«digit 14»
port | https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ConnectToPostgreSQLInstance.html | 5432
switch | https://docs.aws.amazon.com/appconfig/latest/userguide/what-is-appconfig.html | true
limit | https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html | 250
share of traffic | https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html | 0.25
log level | https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html | INFO
environment | https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html | production
Region | https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html | eu-central-1
zones | https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html | eu-west-1a,eu-west-1b,eu-west-1c
time zone | https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html | Europe/Berlin
schedule as cron | https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html | cron(0 6 ? * MON-FRI *)
schedule as a rate | https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html | rate(15 minutes)
options of Java | https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html | -Xms512m -Xmx2048m -XX:+UseG1GC -Dfile.encoding=UTF-8
version | https://semver.org/ | 2.14.3
tag of an image | https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html | main-«hex 7»-1842
image with its tag | https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html | 4«digit 11».dkr.ecr.eu-west-1.amazonaws.com/orders-api:v1.27.0
image by digest | https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-pull-ecr-image.html | 4«digit 11».dkr.ecr.us-east-1.amazonaws.com/web@sha256:«hex 64»
commit | https://git-scm.com/book/en/v2/Git-Tools-Revision-Selection | «hex 40»
checksum of an artefact | https://docs.aws.amazon.com/imagebuilder/latest/userguide/toe-action-modules.html | sha256:«hex 64»
time of a release | https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html | 2024-03-18T09:42:17Z
date after which it may go | https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html | 2025-12-31
object in S3 | https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-bucket-intro.html | s3://contoso-artifacts-prod/orders/1.27.0/orders.zip
bucket | https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html | contoso-data-lake-raw-4«digit 11»-eu-west-1
account | https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html | 4«digit 11»
accounts, a list | https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html | 2«digit 11»,5«digit 11»,7«digit 11»
hosted zone | https://docs.aws.amazon.com/cli/latest/reference/route53/list-hosted-zones.html | Z0«upper36 19»
distribution | https://docs.aws.amazon.com/cli/latest/reference/cloudfront/list-distributions.html | E«upper36 13»
user pool | https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools.html | eu-west-1_«base62 9»
client of a user pool | https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html | «base36 26»
identity pool | https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools.html | eu-west-1:«uuid»
client of an identity provider, with its name | https://auth0.com/docs/get-started/applications/application-settings | {"domain":"contoso.eu.auth0.com","clientId":"«base62 32»","audience":"https://api.contoso.com"}
UUID of a tenant | https://learn.microsoft.com/en-us/entra/fundamentals/how-to-find-tenant | «uuid»
measurement of Google Analytics | https://support.google.com/analytics/answer/9539598 | G-«upper36 10»
secret by ARN | https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html | arn:aws:secretsmanager:eu-west-1:4«digit 11»:secret:prod/orders/db-«base62 6»
secret by name | https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html | prod/payments/stripe-api-key
secret that RDS manages, by name | https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html | rds!db-«uuid»
parameter by path | https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-hierarchies.html | /prod/orders/db/password
reference to a secret | https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html | {{resolve:secretsmanager:prod/orders/db:SecretString:password}}
variable with the name of a secret | https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html | DB_SECRET_ARN=arn:aws:secretsmanager:us-east-1:4«digit 11»:secret:orders-db-«base62 6»
placeholder of a new parameter | https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssm_parameter | CHANGE_ME
placeholder to be filled by hand | https://github.com/terraform-aws-modules/terraform-aws-ssm-parameter | <your-api-key-here>
public key of a bastion | https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/key_pair | ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ«base64 342» deploy@build-01
public key, Ed25519 | https://man.openbsd.org/ssh-keygen | ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI«base64 43»
public key for checking tokens | https://docs.openssl.org/master/man1/openssl-pkey/ | «pem PUBLIC KEY/MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA/261»
certificate | https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html | «pem CERTIFICATE/MIIEkjCCA3qgAwIBAgIT/1159»
settings of an agent | https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/create-store-cloudwatch-configurations.html | {"agent":{"metrics_collection_interval":60,"run_as_user":"cwagent"},"metrics":{"append_dimensions":{"InstanceId":"$«»{aws:InstanceId}"},"metrics_collected":{"mem":{"measurement":["mem_used_percent"]}}}}
feature flags | https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-type-reference-feature-flags.html | {"newCheckout":{"enabled":true,"rollout":25},"darkMode":{"enabled":false}}
database without its password, as JSON | https://docs.aws.amazon.com/cli/latest/reference/rds/describe-db-instances.html | {"host":"orders-prod.c«base36 11».eu-west-1.rds.amazonaws.com","port":5432,"dbname":"orders","username":"orders_app"}
settings as YAML | https://docs.spring.io/spring-boot/reference/features/external-config.html | server:\n  port: 8080\nlogging:\n  level:\n    root: INFO\nmanagement:\n  endpoints:\n    web:\n      exposure:\n        include: health,prometheus
settings in base64 | https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html | «text {"region":"eu-west-1","retries":3,"queue":"orders-prod-events"}»
name of an instance | https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html | prod-web-01
name of a subnet | https://github.com/terraform-aws-modules/terraform-aws-vpc | prod-vpc-private-eu-west-1a
physical name of a role by CDK | https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html | OrdersStack-HandlerServiceRole«HEX 8»-«base62 12»
name of a stack's bucket | https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html | orders-prod-assetsbucket5cb76180-«base36 12»
stack in a tag | https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html | arn:aws:cloudformation:eu-west-1:4«digit 11»:stack/orders-prod/«uuid»
owner that is a team | https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html | team-payments
cost centre | https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html | CC-40217
ticket | https://support.atlassian.com/jira-software-cloud/docs/what-is-an-issue/ | OPS-4821
tool that manages it | https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/resource-tagging | terraform
repository | https://docs.github.com/en/get-started/git-basics/about-remote-repositories | git@github.com:contoso/infra-live.git
group of nodes in a tag | https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html | eks-workers-«uuid»
plan of backups | https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html | daily-35d
description of a snapshot | https://docs.aws.amazon.com/aws-backup/latest/devguide/recov-point-create-on-demand-backup.html | This snapshot is created by the AWS Backup service.
description of a group | https://docs.aws.amazon.com/cli/latest/reference/ec2/create-security-group.html | Allow PostgreSQL from the application tier
description of a copied image | https://docs.aws.amazon.com/cli/latest/reference/ec2/create-image.html | Created by CreateImage(i-0«hex 16») for ami-0«hex 16»
description of an interface | https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html | ELB app/orders-api/«hex 16»
description of a function's interface | https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html | AWS Lambda VPC ENI-orders-handler-«uuid»
description that names a password | https://docs.aws.amazon.com/cli/latest/reference/ssm/put-parameter.html | Master password of the orders database, rotated every 30 days by Secrets Manager
`,
  false,
);
