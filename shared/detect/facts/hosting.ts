/** Clouds, hosting, code, builds and packages. */
export const hosting = `
aws-access-key | - | {AKIA,ASIA,ABIA,ACCA}<upper 16> | 3 | https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
aws-access-key | - | A3T<upper 17> | 3 | gitleaks
aws-session-token | - | {IQoJb3JpZ2lu,FwoGZXIvYXdz}<base64= 100-4096> | 3 | https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html
aws-bedrock-key | - | ABSK<base64 80-300> | 3 | https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html
aws-bedrock-key | - | bedrock-api-key-<base64 40-4096> | 3 | https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html
aws-appsync-key | - | da2-<base36 26> | 3 | https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
signed-url | - | X-{Amz,Goog}-Signature=<hex 64-512> | 2.5 | https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
signed-url | - | Signature=<url64~ 80-700>&Key-Pair-Id= | 3 | https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html
google-api-key | - | AIza<url64 35> | 3.5 | https://cloud.google.com/docs/authentication/api-keys
google-api-key | - | AQ.Ab8<url64 40-60> | 3.5 | https://cloud.google.com/docs/authentication/api-keys
google-oauth | - | GOCSPX-<url64 28> | 3 | https://developers.google.com/identity/protocols/oauth2
google-oauth | - | ya29.<url64 30-2048> | 3 | https://developers.google.com/identity/protocols/oauth2
google-oauth | - | 1//0<url64 40-256> | 3 | https://developers.google.com/identity/protocols/oauth2
google-hmac-key | - | GOOG<upper 20-61> | 3 | https://cloud.google.com/storage/docs/authentication/hmackeys
azure-key | - | {AccountKey,SharedAccessKey,AccessKey}=<base64 40-100> | 2.5 | https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
azure-sas | - | sig=<base64%_- 43-80> | 3 | https://learn.microsoft.com/rest/api/storageservices/create-service-sas
azure-client-secret | - | <url64~. 3><digit 1>Q~<url64~. 31-34> | 3 | https://learn.microsoft.com/purview/sit-defn-client-secret-api-key
azure-devops-token | - | <base64_- 52>JQQJ<base64_- 28> | 3 | https://learn.microsoft.com/purview/sit-defn-azure-devops-personal-access-token
azure-devops-token | - | <base62 76>AZDO<base62 4-5> | 3 | kingfisher azuredevops
alibaba-access-key | - | LTAI<base62 12-20> | 2.5 | https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair
tencent-key | - | AKID<base62 32> | 3 | https://www.tencentcloud.com/document/product/598/32675
yandex-key | - | AQVN<url64 35-38> | 3 | gitleaks
yandex-key | - | YC<url64 38> | 3 | gitleaks
yandex-key | - | y0_<url64 50-64> | 3 | https://yandex.cloud/en/docs/iam/concepts/authorization/api-key
yandex-key | yandex | t1.<url64= 40-400>.<url64= 86-88> | 3 | gitleaks
digitalocean-token | - | {dop,doo,dor}_v1_<hex 64> | 3 | https://docs.digitalocean.com/reference/api/create-personal-access-token/
vault-token | - | {hvs,hvb,hvr}.<url64 24-300> | 3.5 | https://developer.hashicorp.com/vault/docs/concepts/tokens
vault-token | - | s.<mixed 24> | 3.5 | https://developer.hashicorp.com/vault/docs/concepts/tokens
terraform-token | - | <base62 14>.atlasv1.<url64= 60-70> | 3.5 | https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens
databricks-token | - | {dapi,dsapi,dose,dkea}<hex 32> | 3 | https://docs.databricks.com/aws/en/dev-tools/auth/pat
heroku-key | - | HRKU-<url64 36-80> | 3 | https://devcenter.heroku.com/articles/authentication
heroku-key | heroku | <uuid> | 3 | gitleaks
cloudflare-token | - | {cfut,cfat,cfk}_<url64 41-64> | 3.5 | https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/
cloudflare-token | - | v1.0-<hex 24>-<hex 146> | 2.5 | https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/
cloudflare-token | cloudflare | <url64 40> or <hex 37> | 3 | gitleaks
fly-token | - | fo1_<url64 43> | 3.5 | gitleaks
fly-token | - | {fm1a,fm1r,fm2}_<base64 100-4096> | 3.5 | gitleaks
vercel-token | - | {vcp,vci,vca,vcr,vck}_<url64 24-64> | 3.5 | https://vercel.com/changelog/new-token-formats-and-secret-scanning
vercel-token | vercel | <mixed 24> | 3.5 | kingfisher vercel
netlify-token | - | {nfp,nfc,nfo,nfu}_<url64 36-48> | 3 | kingfisher netlify
netlify-token | netlify | <url64= 40-46> | 3.5 | gitleaks
render-key | - | rnd_<base62 24-40> | 3 | https://render.com/docs/api
supabase-key | - | sb_secret_<url64 20-60> | 3.5 | kingfisher supabase
supabase-key | - | {sbp,sbp_v0}_<hex 40> | 3 | kingfisher supabase
neon-key | - | napi_<base36 50-80> | 3 | https://neon.com/docs/manage/api-keys
planetscale-token | - | pscale_{tkn,oauth,pw}_<url64=. 32-64> | 3 | gitleaks
mongodb-atlas-secret | - | mdb_sa_sk_<url64 40> | 3.5 | kingfisher mongodb
mongodb-atlas-secret | mongodb_atlas | <uuid> | 3 | kingfisher mongodb
clickhouse-key | - | 4b1d<base62 38> | 3 | gitleaks
aiven-token | - | aivenv1<base64 200-400> | 3.5 | https://aiven.io/docs/platform/concepts/authentication-tokens
confluent-secret | - | cflt<base64 60> | 3.5 | https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html
confluent-secret | confluent | <base62 64> | 3.5 | gitleaks
scalingo-token | - | tk-us-<url64 48> | 3 | gitleaks
softlayer-key | - | softlayer.com/{soap,rest,xmlrpc}/{v3,v3.1}/<base62 64> | 2.5 | https://sldn.softlayer.com/article/authenticating-softlayer-api/
tailscale-key | - | tskey-<az 3-10>-<base62 8-24>{,-<base62_ 20-48>} | 3 | https://tailscale.com/kb/1277/key-prefixes
defined-networking-key | - | dnkey-<url64= 26>-<url64= 52> | 3 | gitleaks
meraki-key | meraki | <hex 40> | 3 | gitleaks
openshift-token | - | sha256~<url64 43> | 3.5 | gitleaks
rancher-token | - | token-<base36 5>:<base36 54> | 3 | https://ranchermanager.docs.rancher.com/api/api-tokens
rancher-token | rancher cattle | <base36 54-64> | 3.5 | trufflehog ranchertoken
portainer-token | - | ptr_<base64_- 43-60> | 3 | trufflehog portainertoken
docker-token | - | dckr_{pat,oat}_<url64 27-40> | 3 | https://docs.docker.com/security/access-tokens/
docker-swarm-token | - | SWMKEY-1-<base64 43> | 3.5 | https://docs.docker.com/engine/swarm/swarm_manager_locking/
docker-swarm-token | - | SWMTKN-1-<base36 40-60>-<base36 20-30> | 3 | https://docs.docker.com/engine/swarm/join-nodes/
kubernetes-bootstrap-token | bootstrap kubeadm | <base36 6>.<base36 16> | 2.5 | https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/
truenas-key | - | <digit 1-3>-<base62 64> | 3.5 | noseyparker truenas
github-token | - | {ghp,gho,ghu,ghs,ghr}_<base62 36-251> | 3 | https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
github-token | - | github_pat_<base62 22>_<base62 59> | 3 | https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
gitlab-token | - | GR1348941<url64 20> | 3 | https://docs.gitlab.com/security/tokens/#token-prefixes
gitlab-token | - | {glpat,gldt,glrt,glrtr,glcbt,glptt,glft,glimt,glagent,gloas,glsoat,glffct}-<url64. 20-300> | 3 | https://docs.gitlab.com/security/tokens/#token-prefixes
gitlab-session | - | _gitlab_session=<base36 32> | 3 | gitleaks
bitbucket-token | - | ATBB<base62 32> | 3 | https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/
bitbucket-token | - | ATCTT3<url64= 50-300> | 3 | https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/
bitbucket-token | - | BBDC-<base64 40-60> | 3 | https://confluence.atlassian.com/bitbucketserver/http-access-tokens-939515499.html
bitbucket-token | bitbucket | <url64= 64> | 3.5 | gitleaks
atlassian-token | - | ATATT3<url64= 50-300> | 3.5 | https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/
atlassian-token | atlassian confluence jira | <mixed 24> | 3.5 | gitleaks
gitter-token | gitter | <url64 40> | 3 | gitleaks
sourcegraph-token | - | sgp_{,<Hex 16>_,local_}<Hex 40> | 3 | https://docs.sourcegraph.com/dev/security/secret_formats
sourcegraph-token | =sourcegraph | <Hex 40> | 3 | https://docs.sourcegraph.com/dev/security/secret_formats
circleci-token | - | {CCIPAT,CCIPRJ}_<base62 22>_<hex 40> | 3.5 | kingfisher circleci
circleci-token | circleci circle | <hex 40> | 3 | kingfisher circleci
buildkite-token | - | {bkua,bkaa,bkaj,bkat,bkct,bkpt,bkrt}_<url64 36-100> | 3 | https://buildkite.com/docs/platform/security/tokens
travis-token | travis | <mixed 22> | 3.5 | gitleaks
drone-token | drone droneci | <base62 32> | 3.5 | gitleaks
codecov-token | codecov | <base36 32> or <uuid> | 3 | gitleaks
codeclimate-token | =codeclimate test_reporter_id | <hex 64> | 3 | noseyparker codeclimate
harness-token | - | {pat,sat}.<url64 22>.<base62 24>.<base62 20> | 3 | gitleaks
octopus-key | - | API-<upper 25-32> | 3 | gitleaks
teamcity-token | - | eyJ0eXAiOiAiVENWMiJ9.<url64 36>.<url64 48> | 3 | noseyparker teamcity
sonar-token | - | {sqp,squ,sqa}_<hex 40> | 3 | https://docs.sonarsource.com/sonarqube-server/latest/user-guide/managing-tokens/
sonar-token | =sonar | <hex 40> | 3 | gitleaks
snyk-token | - | snyk_<az 3>.<url64. 30-200> | 3 | https://docs.snyk.io/snyk-api/authentication-for-api
snyk-token | snyk | <uuid> | 3 | gitleaks
stackhawk-key | - | hawk.<url64 20>.<url64 20> | 3 | noseyparker stackhawk
dependency-track-key | - | odt_<base62 32-255> | 3 | noseyparker dependency_track
artifactory-token | - | AKCp<base62 69> | 3.5 | gitleaks
artifactory-token | - | cmVm<base62 60> | 3.5 | gitleaks
artifactory-token | jfrog artifactory bintray xray | <base62 64> or <base62 73> | 3.5 | gitleaks
npm-token | - | npm_<base62 36> | 2.5 | https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/
pypi-token | - | pypi-AgE<url64 50-1000> | 3 | https://pypi.org/help/#apitoken
pyx-token | - | {sk,tp}-pyx-<base62 46-64> | 3 | noseyparker pyx
rubygems-key | - | rubygems_<hex 48> | 2.5 | https://guides.rubygems.org/api-key-scopes/
nuget-key | - | oy2<base36 43> | 3 | https://learn.microsoft.com/nuget/nuget-org/scoped-api-keys
crates-token | - | cio<base62 32> | 3.5 | https://doc.rust-lang.org/cargo/reference/publishing.html
clojars-token | - | CLOJARS_<base36 60> | 3 | gitleaks
packagist-token | - | packagist_{ort,out,uut,cut}_<Hex 68> | 3 | kingfisher packagist
packagist-token | - | packagist_{ack,acs}_<Hex 28-96> | 3 | kingfisher packagist
pulumi-token | - | pul-<hex 40> | 3 | https://www.pulumi.com/docs/administration/access-identity/access-tokens/
infracost-key | - | ico-<base62 32> | 3 | gitleaks
prefect-key | - | {pnu,pnb}_<base62 36> | 3 | gitleaks
deno-token | - | {ddp,ddo,ddw}_<base62 36> | 3.5 | kingfisher deno
`;
