import { type Sample, samples } from './samples.ts';

// A development set since its untouched run on 2026-11-25, made as `corpus-second-sensitive.ts` says.
// Many are hard on purpose: they name passwords without holding one, or are as random as keys and public all the same.
// Left out is what two careful engineers might label differently: addresses of roles, keys of documentation, a bare digest in base64.

/** Values that are nobody's secret: what it is, the document, the value. */
export const secondBenign: readonly Sample[] = samples(
  String.raw`
images by Region | https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html | {"eu-west-1":"ami-0«hex 16»","us-east-1":"ami-0«hex 16»"}
ARN of a KMS key | https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html | arn:aws:kms:eu-central-1:210987654321:key/«uuid»
id of a multi-Region key | https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html | mrk-«hex 32»
alias of a KMS key | https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html | alias/prod/orders-secrets
ARN of a parameter named password | https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html | arn:aws:ssm:eu-west-1:210987654321:parameter/prod/orders/db/password
ARN of a secret in the environment | https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html | DB_SECRET_ARN=arn:aws:secretsmanager:eu-west-1:210987654321:secret:prod/orders/db-«base62 6»
secrets of a task definition | https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html | {"secrets":[{"name":"DB_PASSWORD","valueFrom":"arn:aws:ssm:eu-west-1:210987654321:parameter/prod/orders/db/password"}]}
dynamic reference to a parameter | https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html | {{resolve:ssm-secure:/prod/orders/db/password:4}}
password by dynamic reference | https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html | {"MasterUsername":"orders","MasterUserPassword":"{{resolve:secretsmanager:prod/orders:SecretString:password}}"}
public parameter | https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html | /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64
ARN of a function's version | https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html | arn:aws:lambda:eu-west-1:210987654321:function:orders-token-refresh:42
ARN of a layer | https://docs.aws.amazon.com/powertools/typescript/latest/getting-started/lambda-layers/ | arn:aws:lambda:eu-west-1:094274105915:layer:AWSLambdaPowertoolsTypeScriptV2:41
ARN of a certificate | https://docs.aws.amazon.com/acm/latest/userguide/acm-overview.html | arn:aws:acm:us-east-1:210987654321:certificate/«uuid»
ARN of a target group | https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html | arn:aws:elasticloadbalancing:eu-west-1:210987654321:targetgroup/orders-blue/«hex 16»
ARN of an execution | https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html | arn:aws:states:eu-west-1:210987654321:execution:nightly-export:«uuid»
ARN of a stream | https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html | arn:aws:dynamodb:eu-west-1:210987654321:table/Orders/stream/2026-03-14T09:26:53.589
instance ids | https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html | i-0«hex 16»,i-0«hex 16»
network in JSON | https://docs.aws.amazon.com/vpc/latest/userguide/how-it-works.html | {"vpcId":"vpc-0«hex 16»","subnetIds":["subnet-0«hex 16»","subnet-0«hex 16»"],"securityGroupIds":["sg-0«hex 16»"]}
OIDC issuer of a cluster | https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html | https://oidc.eks.eu-west-1.amazonaws.com/id/«HEX 32»
thumbprints of an OIDC provider | https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html | {"ThumbprintList":["«hex 40»"],"ClientIDList":["sts.amazonaws.com"]}
trust policy | https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html | {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::210987654321:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:kestrelmoor/orders:*"}}}]}
CloudFront distribution | https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-working-with.html | {"id":"E«upper36 13»","domain":"d«base36 13».cloudfront.net"}
identity pool id | https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools.html | eu-west-1:«uuid»
invoke URL of an API | https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html | https://«base36 10».execute-api.eu-west-1.amazonaws.com/prod/orders/{orderId}
ARN of a database user | https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html | arn:aws:rds-db:eu-west-1:210987654321:dbuser:db-«upper32 26»/orders_ro
endpoint of a proxy for RDS | https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html | orders-proxy.proxy-«base36 12».eu-west-1.rds.amazonaws.com
endpoint of a cache | https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Endpoints.html | clustercfg.sessions.«base36 6».euw1.cache.amazonaws.com:6379
Kafka brokers | https://docs.aws.amazon.com/msk/latest/developerguide/msk-get-bootstrap-brokers.html | b-1.orders.«base36 6».c4.kafka.eu-west-1.amazonaws.com:9098,b-2.orders.«base36 6».c4.kafka.eu-west-1.amazonaws.com:9098
endpoint of a search domain | https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html | https://vpc-logs-«base36 26».eu-west-1.es.amazonaws.com
DNS name of a file system | https://docs.aws.amazon.com/efs/latest/ug/mounting-fs-mount-cmd-dns-name.html | fs-0«hex 16».efs.eu-west-1.amazonaws.com:/
DNS name of a load balancer | https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html | internal-orders-blue-1840275916.eu-west-1.elb.amazonaws.com
endpoint service | https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html | com.amazonaws.vpce.eu-west-1.vpce-svc-0«hex 16»
data endpoint of IoT | https://docs.aws.amazon.com/iot/latest/developerguide/iot-connect-devices.html | a«base36 13»-ats.iot.eu-west-1.amazonaws.com
FIFO queue URL | https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fifo-queues.html | https://sqs.eu-west-1.amazonaws.com/210987654321/payments-retry.fifo
object in S3 | https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-bucket-intro.html | s3://kestrelmoor-artifacts/orders/2026/11/25/build-1842/orders-api.zip
asset of the CDK | https://docs.aws.amazon.com/cdk/v2/guide/assets.html | cdk-hnb659fds-assets-210987654321-eu-west-1/«hex 64».zip
ETag of a multipart upload | https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html | "«hex 32»-38"
head of an object | https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html | {"ContentLength":48213,"ETag":"\"«hex 32»\"","VersionId":"«base62 32»","ContentType":"application/zip"}
code hash of a function | https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html | {"FunctionName":"orders-api","Runtime":"nodejs24.x","CodeSha256":"«bytes 32»","CodeSize":48213}
image tagged by commit | https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push.html | 210987654321.dkr.ecr.eu-west-1.amazonaws.com/orders:«hex 40»
log stream of a function | https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html | 2026/11/25/[$LATEST]«hex 32»
trace header | https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html | Root=1-6b068de3-«hex 24»;Parent=«hex 16»;Sampled=1
ids of an organization | https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html | o-«base36 10»,r-k7q2,ou-k7q2-«base36 8»
physical id of a function | https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html | kestrelmoor-prod-OrdersApiFunction«HEX 8»-«base62 12»
export of a stack | https://docs.aws.amazon.com/cdk/v2/guide/resources.html | prod-network:ExportsOutputRefApplicationVpcPrivateSubnet1Subnet«HEX 16»
unique id of a user | https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html | aws:userid=AI«»DA«upper32 17»
rotation rules | https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html | {"SecretId":"prod/orders/db","RotationRules":{"AutomaticallyAfterDays":30,"Duration":"3h"}}
Availability Zone ids | https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html | euw1-az1,euw1-az2,euw1-az3
instance types | https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html | m7g.large,m7g.xlarge,c7gn.4xlarge,r8g.metal-24xl
tags in JSON | https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html | [{"Key":"cost-center","Value":"4711-0815"},{"Key":"data-classification","Value":"confidential"}]
lifecycle rule | https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html | {"Rules":[{"ID":"expire-exports","Status":"Enabled","Filter":{"Prefix":"exports/"},"Expiration":{"Days":30}}]}
UUIDs | https://www.rfc-editor.org/rfc/rfc9562#section-5.4 | «uuid»,«uuid»
version with build data | https://semver.org/spec/v2.0.0.html | 3.12.0-beta.4+exp.sha.«hex 7»
image by tag and digest | https://docs.docker.com/reference/cli/docker/image/pull/ | docker.io/library/node:24.21.0-alpine3.22@sha256:«hex 64»
digest of OCI | https://github.com/opencontainers/image-spec/blob/main/descriptor.md | sha256:«hex 64»
commit alone | https://git-scm.com/docs/git-rev-parse | «hex 40»
line of a lock file | https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json | "integrity": "sha512-«bytes 64»"
line of go.sum | https://go.dev/ref/mod#go-sum-files | golang.org/x/text v0.31.0 h1:«bytes 32»
pseudo-version of Go | https://go.dev/ref/mod#pseudo-versions | v0.0.0-20261012083015-«hex 12»
requirement with a hash | https://pip.pypa.io/en/stable/topics/secure-installs/ | requests==2.32.5 --hash=sha256:«hex 64»
Maven coordinates | https://maven.apache.org/pom.html | org.springframework.boot:spring-boot-starter-oauth2-client:3.5.8
package URL | https://github.com/package-url/purl-spec | pkg:npm/%40aws-sdk/client-ssm@3.1169.0
Debian version | https://www.debian.org/doc/debian-policy/ch-controlfields.html | 1:9.2p1-2+deb12u7
action by version | https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax | actions/setup-node@v6
addresses with ports | https://www.rfc-editor.org/rfc/rfc3986#section-3.2 | 10.20.30.41:9092,10.20.30.42:9092,10.20.30.43:9092
CIDR blocks in JSON | https://www.rfc-editor.org/rfc/rfc4632 | {"office":["198.51.100.0/24"],"vpn":["203.0.113.64/26"],"peers":["100.64.0.0/10"]}
IPv6 with a zone | https://www.rfc-editor.org/rfc/rfc4007 | fe80::1ff:fe23:4567:890a%eth0
service in a cluster | https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/ | http://orders-api.payments.svc.cluster.local:8080/healthz
origins | https://fetch.spec.whatwg.org/ | https://shop.kestrelmoor.dev,https://admin.kestrelmoor.dev:8443,http://localhost:3000
URL with a fragment | https://url.spec.whatwg.org/ | https://docs.kestrelmoor.dev/guides/reset-password?lang=de&version=2026.11#step-3
WebSocket URL | https://www.rfc-editor.org/rfc/rfc6455 | wss://events.kestrelmoor.dev/v2/stream?topics=orders,payments&format=json
SPF record | https://www.rfc-editor.org/rfc/rfc7208 | v=spf1 include:amazonses.com include:_spf.google.com ip4:203.0.113.17 -all
DKIM record | https://www.rfc-editor.org/rfc/rfc6376 | v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC«base64 171»IDAQAB
site verification record | https://support.google.com/webmasters/answer/9008080 | google-site-verification=«url64 43»
user agent | https://www.rfc-editor.org/rfc/rfc9110#section-10.1.5 | Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.7444.175 Safari/537.36
crontab line | https://man7.org/linux/man-pages/man5/crontab.5.html | */15 2-6 * * 1-5 /opt/orders/bin/rotate-logs --keep 14
calendar of systemd | https://www.freedesktop.org/software/systemd/man/latest/systemd.time.html | Mon..Fri *-*-* 06,18:30:00 Europe/Berlin
rate of a schedule | https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html | rate(5 minutes)
interval of time | https://www.rfc-editor.org/rfc/rfc9557 | 2026-11-25T08:00:00Z/2026-11-25T16:30:00Z
epoch in seconds | https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap04.html | 1795599843
date of a mail | https://www.rfc-editor.org/rfc/rfc5322#section-3.3 | Wed, 25 Nov 2026 10:10:43 +0000
recurrence rule | https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10 | RRULE:FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231T235959Z
time zones | https://www.rfc-editor.org/rfc/rfc6557 | Europe/Amsterdam,America/Argentina/Buenos_Aires,Pacific/Auckland
order number of 16 digits | https://www.iso.org/standard/70484.html | 7240877980983037
order numbers in JSON | https://www.iso.org/standard/70484.html | {"replay":["9302232238334148","8275142310979578"]}
trade item number | https://www.gs1.org/standards/id-keys/gtin | GTIN 14012344650653
legal entity identifier | https://www.gleif.org/en/about-lei/iso-17442-the-lei-code-structure | LEI 549300R7GYK90OX0YS23
bank identifier | https://www.swift.com/standards/data-standards/bic-business-identifier-code | DEUTDEFF500
build of Windows | https://learn.microsoft.com/windows/release-health/release-information | 10.0.26200.7171
version like a phone number | https://calver.org/ | 2026.1125.0830-17
DOI | https://www.doi.org/the-identifier/resources/handbook | 10.1109/5.771073
object ids of MongoDB | https://www.mongodb.com/docs/manual/reference/method/ObjectId/ | ["«hex 24»","«hex 24»"]
file of a mounted secret | https://docs.docker.com/compose/how-tos/use-secrets/ | POSTGRES_PASSWORD_FILE=/run/secrets/db_password
path of PAM | https://man7.org/linux/man-pages/man7/PAM.7.html | /etc/pam.d/common-password
path on Windows | https://learn.microsoft.com/windows/win32/fileio/maximum-file-path-limitation | D:\Services\Orders\Current\Kestrelmoor.Orders.TokenProvider.dll
Java classes | https://docs.oracle.com/javase/specs/jls/se25/html/jls-7.html | com.kestrelmoor.orders.auth.RefreshTokenRotationFilter,com.kestrelmoor.orders.web.PasswordResetController
long name in camel case | https://docs.aws.amazon.com/cdk/v2/guide/identifiers.html | orderFulfilmentWarehouseAllocationRetryBackoffMultiplierForSecondaryRegion
pod | https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ | orders-api-7d9c5b6f8d-x2k4q
config map with a hash | https://kubernetes.io/docs/tasks/manage-kubernetes-objects/kustomization/ | orders-config-4g2h8t9k7m
reference to a Secret | https://kubernetes.io/docs/tasks/inject-data-application/distribute-credentials-secure/ | env:\n- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: orders-db\n      key: password
Compose file with a variable | https://docs.docker.com/reference/compose-file/interpolation/ | environment:\n  POSTGRES_USER: orders\n  POSTGRES_PASSWORD: $«»{DB_PASSWORD:?is not set}
expression of GitHub Actions | https://docs.github.com/en/actions/reference/workflows-and-actions/expressions | NODE_AUTH_TOKEN: $«»{{ secrets.NPM_TOKEN }}
template of Helm | https://helm.sh/docs/chart_template_guide/functions_and_pipelines/ | password: {{ .Values.database.password | b64enc | quote }}
lookup of Ansible | https://docs.ansible.com/ansible/latest/vault_guide/index.html | db_password: "{{ vault_db_password }}"
placeholder of Spring | https://docs.spring.io/spring-framework/reference/core/beans/environment.html | spring.datasource.password=$«»{vault.orders.password}
reference of Terraform | https://developer.hashicorp.com/terraform/language/values/variables | master_password = var.orders_db_password
placeholder for a token | https://docs.npmjs.com/using-private-packages-in-a-ci-cd-workflow | <your-token-here>
placeholder to change | https://docs.docker.com/compose/how-tos/environment-variables/set-environment-variables/ | DB_PASSWORD=CHANGEME
placeholder for a key | https://docs.stripe.com/get-started/development-environment | API_KEY=your-api-key-here
masked password | https://docs.gitlab.com/ci/variables/ | {"username":"orders","password":"********"}
password that is not set | https://www.rfc-editor.org/rfc/rfc8259 | {"smtp":{"host":"localhost","port":1025,"user":"","password":null}}
schema of a login | https://json-schema.org/draft/2020-12/json-schema-validation | {"type":"object","required":["username","password"],"properties":{"password":{"type":"string","format":"password","minLength":12}}}
labels of a form | https://www.i18next.com/misc/json-format | {"login.password.label":"Password","login.password.hint":"At least 12 characters","login.token.expired":"Your link has expired"}
scopes | https://www.rfc-editor.org/rfc/rfc6749#section-3.3 | openid profile email offline_access orders.read
metadata of an issuer | https://www.rfc-editor.org/rfc/rfc8414 | {"issuer":"https://login.kestrelmoor.dev","token_endpoint":"https://login.kestrelmoor.dev/oauth2/token","token_endpoint_auth_methods_supported":["client_secret_basic","private_key_jwt"]}
set of public keys | https://www.rfc-editor.org/rfc/rfc7517#section-5 | {"keys":[{"kty":"EC","crv":"P-256","use":"sig","kid":"k7","x":"«url64 43»","y":"«url64 43»"}]}
content security policy | https://www.w3.org/TR/CSP3/ | default-src 'self'; script-src 'self' 'sha256-«bytes 32»'; object-src 'none'
RSA public key | https://www.rfc-editor.org/rfc/rfc7468#section-13 | «pem PUBLIC KEY/MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA/261»
chain of certificates | https://www.rfc-editor.org/rfc/rfc7468#section-5 | «pem CERTIFICATE/MIIDrzCCApegAwIBAgIQ/920»\n«pem CERTIFICATE/MIIEkjCCA3qgAwIBAgIQ/1151»
request for a certificate | https://www.rfc-editor.org/rfc/rfc2986 | «pem CERTIFICATE REQUEST/MIICvDCCAaQCAQAw/690»
OpenPGP public key | https://www.rfc-editor.org/rfc/rfc9580 | -----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBGdC«base64 56»\n«base64 64»\n«base64 64»\n=«base64 4»\n-----END PGP PUBLIC KEY BLOCK-----
RSA key for authorized_keys | https://www.rfc-editor.org/rfc/rfc4253#section-6.6 | ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC«base64 512»= deploy-bastion
ECDSA key for authorized_keys | https://www.rfc-editor.org/rfc/rfc5656 | restrict,command="/usr/local/bin/pull" ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBB«base64 87»= ci
line of known_hosts | https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT | sftp.kestrelmoor.dev,203.0.113.17 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI«base64 43»
fingerprint of an SSH key | https://man.openbsd.org/ssh-keygen.1 | SHA256:«base64 43»
fingerprint of a certificate | https://docs.openssl.org/3.5/man1/openssl-x509/ | sha1 Fingerprint=«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»:«HEX 2»
peer of WireGuard | https://www.wireguard.com/quickstart/ | [Peer]\nPublicKey = «bytes 32»\nEndpoint = vpn7.kestrelmoor.dev:51820\nAllowedIPs = 10.7.0.0/24
recipient of age | https://github.com/C2SP/C2SP/blob/main/age.md | age1«bech32 58»
site key of reCAPTCHA | https://developers.google.com/recaptcha/docs/display | RECAPTCHA_SITE_KEY=6L«url64 38»
colours | https://www.w3.org/TR/css-color-4/#hex-notation | --brand:#0b5fff;--brand-dark:#003d99cc;--danger:#c4314b
path of an icon | https://www.w3.org/TR/SVG2/paths.html | M12 2C6.48 2 2 6.48 2 12s4.48 10 10 10 10-4.48 10-10S17.52 2 12 2zm-1 15h-2v-6h2v6z
image of one pixel | https://www.rfc-editor.org/rfc/rfc2397 | data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7
base64 of a page | https://www.rfc-editor.org/rfc/rfc4648#section-4 | «text <!doctype html><title>Maintenance</title><p>We are back at 06:00 UTC. Your orders are safe.</p>»
base64 of YAML | https://yaml.org/spec/1.2.2/ | «text log_level: info\nretention_days: 30\nfeatures:\n  - express-checkout\n  - gift-cards»
feature flags | https://docs.aws.amazon.com/systems-manager/latest/userguide/param-create-cli.html | express-checkout,gift-cards,passkey-login,dark-mode-v2,pricing-experiment-b
locales | https://www.rfc-editor.org/rfc/rfc5646#section-2 | de-CH-1996,es-419,fr-CA,pt-BR,uz-Cyrl-UZ,zh-Hans-SG
currencies | https://www.iso.org/iso-4217-currency-codes.html | EUR,CHF,SEK,PLN,JPY
definition of a table | https://www.postgresql.org/docs/current/sql-createtable.html | CREATE TABLE users (id uuid PRIMARY KEY, email text UNIQUE, password_hash text NOT NULL, api_token_id bigint)
query with a parameter | https://www.postgresql.org/docs/current/sql-prepare.html | SELECT id FROM sessions WHERE token = $1 AND expires_at > now() LIMIT 1
pattern of a token | https://docs.github.com/en/code-security/reference/secret-security/custom-patterns-reference | \bgh[pousr]_[A-Za-z0-9]{36}\b
pattern of an address | https://developer.mozilla.org/docs/Web/JavaScript/Reference/Regular_expressions | ^[\w.+-]+@[\w-]+(\.[\w-]+)+$
log format of nginx | https://nginx.org/en/docs/http/ngx_http_log_module.html | $remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" $request_time
log pattern | https://logback.qos.ch/manual/layouts.html | %d{ISO8601} %-5level [%thread] %logger{36} traceId=%X{trace_id} - %msg%ex
query of Prometheus | https://prometheus.io/docs/prometheus/latest/querying/basics/ | sum by (pod) (rate(http_requests_total{namespace="payments",status=~"5.."}[5m])) > 0.05
query of GraphQL | https://spec.graphql.org/October2021/ | query Orders($first: Int!, $after: String) { orders(first: $first, after: $after) { nodes { id total currency } } }
path in JSON | https://www.rfc-editor.org/rfc/rfc9535 | $.store.orders[?@.total > 100].items[*].sku
schema of Avro | https://avro.apache.org/docs/1.12.0/specification/ | {"type":"record","name":"OrderPlaced","namespace":"dev.kestrelmoor","fields":[{"name":"orderId","type":"string"},{"name":"totalCents","type":"long"}]}
licence expression | https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/ | (MIT OR Apache-2.0) AND BSD-3-Clause
options of Node | https://nodejs.org/api/cli.html | --max-old-space-size=1536 --enable-source-maps --unhandled-rejections=strict
settings of Spark | https://spark.apache.org/docs/latest/configuration.html | spark.sql.shuffle.partitions=400\nspark.executor.memory=6g\nspark.hadoop.fs.s3a.aws.credentials.provider=com.amazonaws.auth.WebIdentityTokenCredentialsProvider
resources of a container | https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ | resources:\n  requests: {cpu: 250m, memory: 512Mi}\n  limits: {memory: 1Gi}
note on a password | https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html | The password of the reporting user is in Secrets Manager under prod/reports; it is rotated every 30 days.
text with signs | https://www.unicode.org/versions/latest/ | ✅ Lieferung bestätigt – Größe 42½, Preis 19,99 € (inkl. MwSt.)
`,
  false,
);
