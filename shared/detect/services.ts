import { type SecretFormat, token } from './forms.ts';

/** Where a service prefixes its keys without writing the form down: a list that many look for keys with. */
const listed = 'https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml';
/** The forms that services have registered with GitHub. */
const registered = 'https://docs.github.com/en/code-security/reference/secret-security/supported-secret-scanning-patterns';

const uuid = '[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}';

// One a line: the detector, what must stand in the text before it is looked at, the form, the document.
const table = String.raw`
groq-key | gsk_ | gsk_[A-Za-z0-9]{48,56} | https://console.groq.com/docs/quickstart
openrouter-key | sk-or- | sk-or-v\d-[a-f0-9]{64} | https://openrouter.ai/docs/api-reference/authentication
perplexity-key | pplx- | pplx-[A-Za-z0-9]{40,60} | ${listed}
replicate-token | r8_ | r8_[A-Za-z0-9]{37,40} | https://replicate.com/docs/topics/security/api-tokens
nvidia-key | nvapi- | nvapi-[A-Za-z0-9_-]{60,70} | https://docs.nvidia.com/nim/large-language-models/latest/getting-started.html
xai-key | xai- | xai-[A-Za-z0-9]{70,84} | https://docs.x.ai/docs/overview
langsmith-key | lsv2_ | lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10} | https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key
cerebras-key | csk- | csk-[a-z0-9]{40,56} | https://inference-docs.cerebras.ai/quickstart
together-key | tgp_v1_ | tgp_v1_[A-Za-z0-9_-]{40,48} | https://docs.together.ai/docs/quickstart
pinecone-key | pcsk_ | pcsk_[A-Za-z0-9]{5,8}_[A-Za-z0-9]{50,70} | https://docs.pinecone.io/guides/projects/manage-api-keys
jina-key | jina_ | jina_[A-Za-z0-9_-]{50,70} | https://docs.jina.ai/
tavily-key | tvly- | tvly-(?:(?:dev|prod)-)?[A-Za-z0-9-]{20,64} | https://docs.tavily.com/documentation/api-reference/introduction
e2b-key | e2b_ | e2b_[a-f0-9]{40} | https://e2b.dev/docs/quickstart
apify-token | apify_api_ | apify_api_[A-Za-z0-9]{34,40} | https://docs.apify.com/platform/integrations/api
cloudflare-token | cf | cf(?:ut|at|k)_[A-Za-z0-9]{40}[a-f0-9]{8} | https://developers.cloudflare.com/fundamentals/api/get-started/token-formats
cloudflare-token | v1.0- | v1\.0-[a-f0-9]{24}-[a-f0-9]{146} | https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/
fly-token | fm fo1_ | fo1_[A-Za-z0-9_-]{43}|fm(?:1[ar]|2)_[A-Za-z0-9+/]{100,4096}={0,3} | https://fly.io/docs/security/tokens/
vercel-token | vc | vc[pikar]_[A-Za-z0-9]{24,64} | ${registered}
netlify-token | nf | nf[pcuo]_[A-Za-z0-9_-]{36,40} | ${registered}
render-key | rnd_ | rnd_[A-Za-z0-9]{24,40} | https://render.com/docs/api
supabase-key | sb | sb_secret_[A-Za-z0-9_-]{20,60}|sbp_(?:v0_)?[a-f0-9]{40} | https://supabase.com/docs/guides/api/api-keys
neon-key | napi_ | napi_[a-z0-9]{50,80} | https://neon.com/docs/manage/api-keys
planetscale-token | pscale_ | pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_=.-]{32,64} | https://planetscale.com/docs/concepts/service-tokens
mongodb-atlas-secret | mdb_sa_sk_ | mdb_sa_sk_[A-Za-z0-9_-]{40} | https://www.mongodb.com/docs/atlas/api/service-accounts-overview/
clickhouse-key | 4b1d | 4b1d[A-Za-z0-9]{38} | ${listed}
aiven-token | aivenv1 | aivenv1[A-Za-z0-9+/]{200,400}={0,2} | https://aiven.io/docs/platform/concepts/authentication-tokens
confluent-secret | cflt | cflt[A-Za-z0-9+/]{60} | https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html
tencent-key | AKID | AKID[A-Za-z0-9]{32} | https://www.tencentcloud.com/document/product/598/32675
yandex-key | AQVN YC y0_ | AQVN[A-Za-z0-9_-]{35,38}|YC[A-Za-z0-9_-]{38}|y0__?[A-Za-z0-9_-]{50,64} | https://yandex.cloud/en/docs/iam/concepts/authorization/api-key
tailscale-key | tskey- | tskey-[a-z]{3,10}-[A-Za-z0-9]{8,24}(?:-[A-Za-z0-9]{20,48})? | https://tailscale.com/kb/1277/key-prefixes
openshift-token | sha256~ | sha256~[A-Za-z0-9_-]{43} | https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/authentication_and_authorization/managing-oauth-access-tokens
rancher-token | token- | token-[a-z0-9]{5}:[a-z0-9]{54} | https://ranchermanager.docs.rancher.com/api/api-tokens
portainer-token | ptr_ | ptr_[A-Za-z0-9+/]{43}= | https://docs.portainer.io/api/access
circleci-token | CCIP | CCIP(?:AT|RJ)_[A-Za-z0-9]{22}_[a-f0-9]{40} | https://circleci.com/changelog/new-format-for-api-access-tokens/
buildkite-token | bk | bk(?:ua|a[ajt]|ct|pt|rt)_[A-Za-z0-9_-]{36,100} | https://buildkite.com/docs/platform/security/tokens
harness-token | at. | [ps]at\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20} | https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys
octopus-key | API- | API-[A-Z0-9]{25,32} | https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key
sonar-token | sq | sq[pua]_[a-f0-9]{40} | https://docs.sonarsource.com/sonarqube-server/latest/user-guide/managing-tokens/
snyk-token | snyk_ | snyk_[a-z]{3}\.[A-Za-z0-9_.-]{30,200} | https://docs.snyk.io/snyk-api/authentication-for-api
artifactory-token | AKCp cmVmdGtu | AKCp[A-Za-z0-9]{69}|cmVmdGtu[A-Za-z0-9]{56} | https://jfrog.com/help/r/jfrog-platform-administration-documentation/understanding-identity-tokens
nuget-key | oy2 | oy2[a-z0-9]{43} | https://learn.microsoft.com/nuget/nuget-org/scoped-api-keys
crates-token | cio | cio[A-Za-z0-9]{32} | https://doc.rust-lang.org/cargo/reference/publishing.html
clojars-token | CLOJARS_ | CLOJARS_[a-z0-9]{60} | https://github.com/clojars/clojars-web/wiki/Deploy-Tokens
packagist-token | packagist_ | packagist_[ou][ru][ta]_[a-f0-9]{68} | ${registered}
pulumi-token | pul- | pul-[a-f0-9]{40} | https://www.pulumi.com/docs/administration/access-identity/access-tokens/
infracost-key | ico- | ico-[A-Za-z0-9]{32} | https://www.infracost.io/docs/
prefect-key | pn | pn[ub]_[A-Za-z0-9]{36} | https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys
sourcegraph-token | sgp_ | sgp_(?:(?:[A-Fa-f0-9]{16}|local)_)?[A-Fa-f0-9]{40} | https://docs.sourcegraph.com/dev/security/secret_formats
azure-devops-token | JQQJ | [A-Za-z0-9+/_-]{52}JQQJ[A-Za-z0-9+/_-]{28} | https://learn.microsoft.com/purview/sit-defn-azure-devops-personal-access-token
google-hmac-key | GOOG | GOOG1?[A-Z0-9]{20,60} | https://cloud.google.com/storage/docs/authentication/hmackeys
deno-token | dd | dd[pow]_[A-Za-z0-9]{36} | https://docs.deno.com/deploy/manual/
inngest-key | signkey- | signkey-[a-z]{2,12}-[a-f0-9]{32,64} | https://www.inngest.com/docs/platform/signing-keys
postman-collection-key | PMAT- | PMAT-[A-Z0-9]{26} | ${registered}
dynatrace-token | dt0 | dt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64} | https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens
new-relic-key | NRAL | (?:eu\d{2}x{1,2})?[a-f0-9]{30,40}(?:FFFF)?NRAL | https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
honeycomb-key | hc | hc[a-z](?:ik|lk|mk)_[a-z0-9]{40,64} | https://docs.honeycomb.io/api/authentication
pagerduty-key | pdus+ u+ | (?:pdus\+_0|(?<![+/])u\+)[A-Za-z0-9_+-]{18,20}(?![+/=]) | https://support.pagerduty.com/main/docs/api-access-keys
axiom-token | xa | xa[ap]t-${uuid} | https://axiom.co/docs/reference/tokens
launchdarkly-key | sdk- api- | (?:sdk|api)-${uuid} | https://launchdarkly.com/docs/sdk/concepts/client-side-server-side
posthog-key | ph | ph[xs]_[A-Za-z0-9_]{40,48} | https://posthog.com/docs/api
segment-token | sgp_ | sgp_[A-Za-z0-9]{64} | https://docs.segmentapis.com/
unleash-token | : | (?:\*|\[\]|[a-z0-9_-]{1,40}):[a-z0-9_-]{1,40}\.[a-f0-9]{56,64} | https://docs.getunleash.io/reference/api-tokens-and-client-keys
defined-networking-key | dnkey- | dnkey-[A-Za-z0-9=_-]{26}-[A-Za-z0-9=_-]{52} | ${listed}
okta-token | SSWS | SSWS\s{1,4}00[A-Za-z0-9_-]{40} | https://developer.okta.com/docs/guides/create-an-api-token/main/
onepassword-secret-key | A3- | A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3} | https://support.1password.com/secret-key-security/
bitwarden-token | 0. | 0\.${uuid}\.[A-Za-z0-9]{30}:[A-Za-z0-9+/]{22}== | https://bitwarden.com/help/access-tokens/
infisical-token | st. | st\.${uuid}\.[a-f0-9]{32}\.[a-f0-9]{32} | ${registered}
nostr-key | nsec1 | nsec1[ac-hj-np-z02-9]{58} | https://github.com/nostr-protocol/nips/blob/master/19.md
bitcoin-key | xprv | xprv[1-9A-HJ-NP-Za-km-z]{107} | https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki
plaid-token | access- | access-(?:sandbox|development|production)-${uuid} | https://plaid.com/docs/api/tokens/
flutterwave-key | FLWSECK | FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,40}(?:-X)? | https://developer.flutterwave.com/docs/authentication
gocardless-token | live_ sandbox_ | (?<!_)(?:live|sandbox)_[A-Za-z0-9_-]{40} | https://developer.gocardless.com/api-reference/
mollie-key | live_ test_ | (?<!_)(?:live|test)_[A-Za-z0-9]{30,40} | https://docs.mollie.com/reference/authentication
paddle-key | pdl_ | pdl_(?:live|sdbx)_(?:apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}|ntfset_[A-Za-z0-9_+/]{50,90}) | https://developer.paddle.com/api-reference/about/api-keys
shippo-token | shippo_ | shippo_(?:live|test)_[a-f0-9]{40} | https://docs.goshippo.com/docs/guides_general/authentication/
easypost-key | EZ | EZ[AT]K[A-Za-z0-9]{54} | https://docs.easypost.com/docs/authentication
duffel-token | duffel_ | duffel_(?:live|test)_[A-Za-z0-9_=-]{43} | https://duffel.com/docs/api/overview/making-requests
hubspot-token | pat- | pat-[a-z]{2,3}\d-${uuid} | https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview
salesforce-token | 00D | 00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{80,120} | https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_access_tokens.htm
amazon-lwa-secret | amzn | amzn1\.oa2-cs\.v1\.[a-f0-9]{64}|amzn\.mws\.${uuid} | https://developer-docs.amazon.com/sp-api/docs/viewing-your-application-information-and-credentials
amazon-lwa-secret | Atz | Atz[ar]\|[A-Za-z0-9+/_=-]{60,2048} | https://developer.amazon.com/docs/login-with-amazon/access-token.html
brevo-key | sib- | x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16} | https://developers.brevo.com/docs/getting-started
mandrill-key | md- | md-[A-Za-z0-9_-]{22} | https://mailchimp.com/developer/transactional/docs/fundamentals/
resend-key | re_ | re_[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,30} | https://resend.com/docs/api-reference/introduction
onesignal-key | os_v2_ | os_v2_(?:app|org)_[a-z0-9]{80,112} | https://documentation.onesignal.com/docs/en/keys-and-ids
klaviyo-key | pk_ | pk_[a-f0-9]{34} | https://developers.klaviyo.com/en/docs/authenticate_
clickup-token | pk_ | pk_\d{5,10}_[A-Z0-9]{32} | https://developer.clickup.com/docs/authentication
asana-token | / | \d/\d{10,17}(?:/\d{10,17})?:[a-f0-9]{32} | https://developers.asana.com/docs/personal-access-token
trello-token | ATTA | ATTA[a-f0-9]{64}[A-F0-9]{8} | https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/
contentful-token | CFPAT- | CFPAT-[A-Za-z0-9_-]{43} | https://www.contentful.com/developers/docs/references/authentication/
typeform-token | tfp_ | tfp_[A-Za-z0-9_.-]{40,70} | https://www.typeform.com/developers/get-started/personal-access-token/
dropbox-token | sl. | sl\.(?:u\.)?[A-Za-z0-9_-]{120,1300} | https://developers.dropbox.com/oauth-guide
facebook-token | EAA | EAA[A-Za-z0-9]{80,400} | https://developers.facebook.com/docs/facebook-login/guides/access-tokens/
twitter-token | - | \d{15,20}-[A-Za-z0-9]{40} | https://docs.x.com/fundamentals/authentication/oauth-1-0a/obtaining-user-access-tokens
twitter-token | AAAAAAAAAAAAAAAAAAAAA | A{21,23}[A-Za-z0-9%]{70,110} | https://docs.x.com/fundamentals/authentication/oauth-2-0/bearer-tokens
mapbox-token | sk.eyJ | sk\.eyJ[A-Za-z0-9_-]{40,200}\.[A-Za-z0-9_-]{22} | https://docs.mapbox.com/help/dive-deeper/access-tokens/
maxmind-key | _mmk | [A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk | https://dev.maxmind.com/license-key/
rapidapi-key | msh | [a-z0-9]{10}msh[a-z0-9]{15}jsn[a-z0-9]{12} | https://docs.rapidapi.com/docs/keys-and-key-rotation
readme-key | rdme_ | rdme_[a-z0-9]{70} | https://docs.readme.com/main/reference/intro/authentication
adobe-secret | p8e- | p8e?-[A-Za-z0-9_-]{32} | https://developer.adobe.com/developer-console/docs/guides/authentication/
frameio-token | fio-u- | fio-u-[A-Za-z0-9_=-]{64} | https://developer.frame.io/docs/getting-started/authentication
webhook-address | hooks.zapier.com | hooks\.zapier\.com/hooks/(?:catch|standard)/\d{4,12}/[A-Za-z0-9/]{6,60} | https://help.zapier.com/hc/en-us/articles/8496288690317-Trigger-Zaps-from-webhooks
webhook-address | maker.ifttt.com | maker\.ifttt\.com/trigger/[\w-]{1,80}/(?:json/)?with/key/[A-Za-z0-9_-]{20,50} | https://help.ifttt.com/hc/en-us/articles/115010230347-Webhooks-service-FAQ
webhook-address | .make.com | hook\.[a-z0-9.]{2,12}\.make\.com/[a-z0-9]{30,40} | https://help.make.com/webhooks
webhook-address | chat.googleapis.com | chat\.googleapis\.com/v1/spaces/[\w-]{5,40}/messages\?key=[\w-]{20,60}&token=[\w%-]{20,120} | https://developers.google.com/workspace/chat/quickstart/webhooks
webhook-address | open-apis/bot | open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/${uuid} | https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
webhook-address | oapi.dingtalk.com | oapi\.dingtalk\.com/robot/send\?access_token=[a-f0-9]{64} | https://open.dingtalk.com/document/robots/custom-robot-access
webhook-address | qyapi.weixin | qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=${uuid} | https://developer.work.weixin.qq.com/document/path/91770
intra42-secret | s-s4t2 | s-s4t2(?:ud|af)-[a-f0-9]{64} | https://api.intra.42.fr/apidoc/guides/getting_started
rootly-key | rootly_ | rootly_[a-f0-9]{64} | https://docs.rootly.com/api-reference/overview
wundergraph-key | cosmo_ | cosmo_[a-f0-9]{32} | https://cosmo-docs.wundergraph.com/studio/api-keys
sourcegraph-token | ourcegraph | [Ss]ourcegraph[\w .-]{0,20}["']?\s{0,4}[:=]\s{0,4}["']?[A-Fa-f0-9]{40} | https://docs.sourcegraph.com/dev/security/secret_formats
postmark-token | ostmark POSTMARK | (?:[Pp]ostmark|POSTMARK)[\w .-]{0,20}["']?\s{0,4}[:=]\s{0,4}["']?${uuid} | https://postmarkapp.com/developer/api/overview
sonar-token | sonar.login sonar.token | sonar\.(?:login|token)["']?\s{0,4}[:=,]\s{0,4}["']?[a-f0-9]{40} | https://docs.sonarsource.com/sonarqube-server/latest/user-guide/managing-tokens/
softlayer-key | softlayer.com/ | softlayer\.com/(?:soap|rest|xmlrpc)/v3(?:\.1)?/[A-Za-z0-9]{64} | https://sldn.softlayer.com/article/authenticating-softlayer-api/
thingsboard-token | /api/v1/ | api/v1/[a-z0-9]{20}/(?:telemetry|attributes|rpc|claim) | https://thingsboard.io/docs/reference/http-api/
vault-token | s. | s\.(?=[A-Za-z]{0,23}\d[A-Za-z]{0,22}\d?)(?=[A-Z0-9]{0,23}[a-z])[A-Za-z0-9]{24}(?:\.[A-Za-z0-9]{5})? | https://developer.hashicorp.com/vault/docs/concepts/tokens
`;

/** Keys of the many services that mark theirs by a prefix: what is hosted, built, observed, sold and sent with. */
export const serviceFormats: readonly SecretFormat[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [detector = '', hints = '', body = '', source = ''] = line.split(' | ');
    return token(detector, hints, body, source);
  });
