/** Chat, payment, models, mail, operations, and what else people work with. */
export const applications = `
slack-token | - | {,xoxe.}{xoxa,xoxb,xoxe,xoxo,xoxp,xoxr,xoxs}-<mixed- 10-250> | 2.5 | https://docs.slack.dev/authentication/tokens/
slack-token | - | xapp-<digit 1>-<upper 8-14>-<digit 8-16>-<hex 40-80> | 2.5 | https://docs.slack.dev/authentication/tokens/
slack-webhook | - | hooks.{slack,slack-gov}.com/{services,workflows,triggers}/<base64 20-120> | 3 | https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/
discord-webhook | - | {discord,discordapp}.com/api/{,v<digit 1-2>/}webhooks/<digit 17-20>/<url64 60-70> | 3 | https://discord.com/developers/docs/resources/webhook
discord-bot-token | - | {M,N,O}<url64 23-27>.<url64 6>.<url64 27-38> | 3.5 | https://discord.com/developers/docs/reference#authentication
discord-secret | discord | <hex 64> or <url64 32> | 2.9 | gitleaks
telegram-bot-token | - | {,bot}<digit 8-10>:A<url64 34> | 3 | https://core.telegram.org/bots/features#botfather
teams-webhook | - | {webhook,webhookb2}/<hex@- 70-80>/IncomingWebhook/<hex 32>/<hex- 36> | 2.5 | https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
mattermost-token | mattermost | <base36 26> | 3.5 | gitleaks
webhook-address | - | hooks.zapier.com/hooks/{catch,standard}/<digit 4-12>/<base62/ 6-60> | 2.5 | https://help.zapier.com/hc/en-us/articles/8496288690317-Trigger-Zaps-from-webhooks
webhook-address | - | maker.ifttt.com/trigger/<url64 1-80>/{,json/}with/key/<url64 20-50> | 2.5 | https://help.ifttt.com/hc/en-us/articles/115010230347-Webhooks-service-FAQ
webhook-address | - | hook.<base36. 2-12>.make.com/<base36 30-40> | 2.5 | https://help.make.com/webhooks
webhook-address | - | chat.googleapis.com/v1/spaces/<url64 5-40>/messages?key=<url64 20-60>&token=<url64% 20-120> | 3 | https://developers.google.com/workspace/chat/quickstart/webhooks
webhook-address | - | open.{feishu.cn,larksuite.com}/open-apis/bot/v2/hook/<uuid> | 2.5 | https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
webhook-address | - | oapi.dingtalk.com/robot/send?access_token=<hex 64> | 2.5 | https://open.dingtalk.com/document/robots/custom-robot-access
webhook-address | - | qyapi.weixin.qq.com/cgi-bin/webhook/send?key=<uuid> | 2.5 | https://developer.work.weixin.qq.com/document/path/91770
stripe-key | - | {sk,rk}_{live,test,prod}_<base62 16-250> | 2.5 | https://docs.stripe.com/keys
stripe-key | - | whsec_<base64 24-100> | 3 | https://docs.stripe.com/webhooks
square-token | - | EAAA<url64 60> | 3 | https://developer.squareup.com/docs/build-basics/access-tokens
square-token | - | sq0<az 3>-<url64 22-60> | 2.5 | https://developer.squareup.com/docs/build-basics/access-tokens
braintree-token | - | access_token{$production,$sandbox}$<base36 16>$<hex 32> | 3 | https://developer.paypal.com/braintree/docs/guides/extend/oauth/access-tokens
shopify-token | - | {shpat,shpca,shppa,shpss,shpua,shptka}_<Hex 32> | 2.5 | https://shopify.dev/changelog/app-secret-key-length-has-increased
plaid-token | - | access-{sandbox,development,production}-<uuid> | 3 | https://plaid.com/docs/api/tokens/
plaid-token | plaid | <base36 30> | 3.5 | gitleaks
flutterwave-key | - | FLWSECK{,_TEST}-<base62 12-40> | 2.5 | https://developer.flutterwave.com/docs/authentication
gocardless-token | - | {live,sandbox}_<url64= 40> | 3 | https://developer.gocardless.com/api-reference/
mollie-key | - | {live,test}_<base62 30-40> | 3 | https://docs.mollie.com/reference/authentication
paddle-key | - | pdl_{live,sdbx}_apikey_<base36 26>_<base62 22>_<base62 3> | 3 | https://developer.paddle.com/api-reference/about/api-keys
paddle-key | - | pdl_{live,sdbx}_ntfset_<base64_ 50-90> | 3 | https://developer.paddle.com/webhooks/signature-verification
shippo-token | - | shippo_{live,test}_<Hex 40> | 2.5 | gitleaks
easypost-key | - | {EZAK,EZTK}<base62 54> | 3 | gitleaks
duffel-token | - | duffel_{live,test}_<url64= 43> | 3 | gitleaks
amazon-lwa-secret | - | amzn1.oa2-cs.v1.<hex 64> | 2.5 | https://developer-docs.amazon.com/sp-api/docs/viewing-your-application-information-and-credentials
amazon-lwa-secret | - | amzn.mws.<uuid> | 2.5 | https://developer-docs.amazon.com/sp-api/docs/viewing-your-application-information-and-credentials
amazon-lwa-secret | - | {Atza,Atzr}|<base64=_- 60-2048> | 3 | https://developer.amazon.com/docs/login-with-amazon/access-token.html
etsy-token | etsy | <base36 24> | 3 | gitleaks
squarespace-token | squarespace | <uuid> | 3 | gitleaks
finicity-key | finicity | <hex 32> or <base62 20> | 3 | gitleaks
coinbase-token | coinbase | <url64 64> | 3 | gitleaks
kraken-key | kraken | <base64=_- 80-90> | 3.5 | gitleaks
kucoin-key | kucoin | <uuid> or <hex 24> | 3 | gitleaks
bittrex-key | bittrex | <base36 32> | 3 | gitleaks
nostr-key | - | nsec1<bech32 58> | 3 | https://github.com/nostr-protocol/nips/blob/master/19.md
bitcoin-key | - | xprv<base58 107> | 3 | https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki
anthropic-key | - | sk-ant-<base36 3-10>-<url64 40-200> | 3 | https://docs.anthropic.com/en/api/overview
openai-key | - | sk-<hex 32> | 3 | https://platform.openai.com/docs/api-reference/authentication
openai-key | - | sk-<base62 48> | 3 | https://platform.openai.com/docs/api-reference/authentication
openai-key | - | sk-{proj,svcacct,admin,None}-<url64 40-250> | 3 | https://platform.openai.com/docs/api-reference/authentication
hugging-face-token | - | {hf,api_org}_<base62 30-40> | 2.5 | https://huggingface.co/docs/hub/security-tokens
groq-key | - | gsk_<base62 48-56> | 3 | https://console.groq.com/docs/quickstart
openrouter-key | - | sk-or-v<digit 1>-<hex 64> | 3 | trufflehog openrouter
perplexity-key | - | pplx-<base62 40-60> | 3.5 | gitleaks
replicate-token | - | r8_<url64 37-40> | 3 | trufflehog replicate
nvidia-key | - | nvapi-<url64 60-70> | 3.5 | trufflehog nvapi
xai-key | - | xai-<base62_ 70-84> | 3 | trufflehog xai
langsmith-key | - | lsv2_{pt,sk}_<hex 32>_<hex 10> | 3 | trufflehog langsmith
cerebras-key | - | csk-<base36 40-56> | 3 | https://inference-docs.cerebras.ai/quickstart
cohere-key | cohere co_api | <base62 40> | 3.5 | gitleaks
together-key | - | tgp_v1_<url64 40-48> | 3 | https://docs.together.ai/docs/quickstart
pinecone-key | - | pcsk_<base62 5-8>_<base62 50-70> | 3 | kingfisher pinecone
pinecone-key | pinecone | <uuid> | 3 | kingfisher pinecone
llama-key | - | llx-<url64 48> | 3.5 | https://docs.cloud.llamaindex.ai/llamacloud/how_to/api_key
jina-key | - | jina_<url64 50-70> | 3 | noseyparker jina
tavily-key | - | tvly-{,dev-,prod-}<base62- 20-64> | 3 | noseyparker tavily
firecrawl-key | - | fc-<hex 32> | 3 | noseyparker firecrawl
e2b-key | - | e2b_<hex 40> | 3 | https://e2b.dev/docs/quickstart
apify-token | - | apify_api_<base62 34-40> | 3.5 | kingfisher apify
kagi-key | =kagi | <url64 11>.<url64 43> | 3.5 | noseyparker kagi
private-ai-key | private_ai privateai | <base36 32> | 3 | gitleaks
sendgrid-key | - | SG.<url64 22>.<url64 43> | 3 | https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys
twilio-key | - | SK<hex 32> | 3 | https://www.twilio.com/docs/glossary/what-is-a-sid
twilio-key | - | AC<hex 32>:<hex 32> | 3 | https://www.twilio.com/docs/glossary/what-is-a-sid
mailgun-key | - | key-<hex 32> | 3 | https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt
mailgun-key | - | <hex 32>-<hex 8>-<hex 8> | 3 | https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt
mailchimp-key | - | <base62 32>-us<digit 1-2> | 3 | https://mailchimp.com/developer/marketing/docs/fundamentals/
mandrill-key | - | md-<url64 22> | 3 | https://mailchimp.com/developer/transactional/docs/fundamentals/
mandrill-key | mandrill | <url64 22> | 3.5 | kingfisher mandrill
brevo-key | - | {xkeysib,xsmtpsib}-<hex 64>-<base62 16> | 3 | gitleaks
resend-key | - | re_<base62 6-10>_<base62 20-30> | 3 | https://resend.com/docs/api-reference/introduction
postmark-token | =postmark | <uuid> | 3 | https://postmarkapp.com/developer/api/overview
messagebird-key | messagebird message_bird | <base36 25> or <uuid> | 3 | gitleaks
sendbird-token | sendbird | <hex 40> or <uuid> | 3 | gitleaks
beamer-key | beamer | b_<url64= 44> | 3 | gitleaks
onesignal-key | - | os_v2_{app,org}_<base36 80-112> | 3 | https://documentation.onesignal.com/docs/en/keys-and-ids
klaviyo-key | - | pk_<hex 34> | 3 | https://developers.klaviyo.com/en/docs/authenticate_
intercom-token | intercom | <url64= 60> | 3.5 | gitleaks
new-relic-key | - | {NRAK,NRRA}-<base62 27-42> | 3 | https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
new-relic-key | - | {NRII,NRIQ}-<url64 32> | 3 | https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
new-relic-key | - | {NRAA-<hex 27>,NRJS-<hex 19>} | 3 | noseyparker newrelic
new-relic-key | - | <base36 30-40>{,FFFF}NRAL | 3 | https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/
new-relic-key | - | {px-api,px-dep}-<uuid> | 3 | noseyparker newrelic
new-relic-key | newrelic new_relic | <base36 64> | 3.5 | gitleaks
grafana-token | - | glsa_<base62 32>_<Hex 8> | 3 | https://grafana.com/docs/grafana/latest/administration/service-accounts/
grafana-token | - | glc_<base64 32-400> | 3 | gitleaks
grafana-token | - | eyJrIjoi<base62 70-400> | 3 | gitleaks
sentry-token | - | sntrys_<base64=_- 80-500> | 3.5 | https://docs.sentry.io/account/auth-tokens/
sentry-token | - | sntryu_<hex 64> | 3 | https://docs.sentry.io/account/auth-tokens/
sentry-token | sentry | <hex 64> | 3 | gitleaks
datadog-key | datadog dd | <hex 32> or <hex 40> | 3 | gitleaks
dynatrace-token | - | dt0<az 1><digit 2>.<base62 24>.<base62 64> | 3.5 | https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens
honeycomb-key | - | hc<az 1>{ik,lk,mk}_<base62 40-64> | 3 | https://docs.honeycomb.io/api/authentication
pagerduty-key | - | {pdus+_0,u+}<url64+ 18-20> | 3.5 | https://support.pagerduty.com/main/docs/api-access-keys
rootly-key | - | rootly_<hex 64> | 3 | https://docs.rootly.com/api-reference/overview
axiom-token | - | {xaat,xapt}-<uuid> | 3 | https://axiom.co/docs/reference/tokens
sumologic-key | sumo sumologic | <base62 64> or su<base62 12> | 3 | gitleaks
launchdarkly-key | - | {sdk,api}-<uuid> | 3 | https://launchdarkly.com/docs/sdk/concepts/client-side-server-side
launchdarkly-key | launchdarkly | <url64= 40> | 3.5 | gitleaks
unleash-token | - | {*,[],<base36_- 1-40>}:<base36_- 1-40>.<hex 56-64> | 3 | https://docs.getunleash.io/reference/api-tokens-and-client-keys
posthog-key | - | {phx,phs,pha,phr}_<base62_ 40-64> | 3.5 | kingfisher posthog
segment-token | - | sgp_<base62 64> | 3.5 | https://docs.segmentapis.com/
inngest-key | - | signkey-<az 2-12>-<hex 32-64> | 3 | https://www.inngest.com/docs/platform/signing-keys
fastly-token | fastly | <url64= 32> | 3.5 | gitleaks
okta-token | - | SSWS 00<url64 40> | 3 | https://developer.okta.com/docs/guides/create-an-api-token/main/
okta-token | =okta | 00<url64= 40> | 3.5 | gitleaks
authress-key | - | {sc,ext,scauth,authress}_<base36 5-30>.<base36 4-6>.acc{_,-}<base36- 10-32>.<base64=_- 30-120> | 3 | gitleaks
doppler-token | - | dp.{pt,st,ct,sa,scim,audit}.<url64. 40-80> | 2.5 | https://docs.doppler.com/docs/service-tokens
onepassword-token | - | ops_eyJ<base64_- 200-4096> | 3.5 | https://developer.1password.com/docs/service-accounts/
onepassword-secret-key | - | A3-<upper 6>-{<upper 11>,<upper 6>-<upper 5>}-<upper 5>-<upper 5>-<upper 5> | 3.5 | https://support.1password.com/secret-key-security/
bitwarden-token | - | 0.<uuid>.<base62 30>:<base64 22>== | 3 | https://bitwarden.com/help/access-tokens/
infisical-token | - | st.<url64 12-48>.<url64 12-48>.<hex 31-64> | 3 | kingfisher infisical
age-key | - | AGE-SECRET-KEY-1<upper 58> | 3 | https://age-encryption.org/v1
nats-seed | - | S{A,C,N,O,U,X}<base32 56> | 3.5 | https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth
linear-key | - | lin_{api,oauth}_<base62 40-64> | 3 | https://linear.app/developers/graphql
notion-token | - | {ntn_<base62 43-50>,secret_<base62 43>} | 3 | https://developers.notion.com/docs/authorization
airtable-token | - | pat<base62 14>.<hex 64> | 3 | https://airtable.com/developers/web/guides/personal-access-tokens
figma-token | - | {figd,figo,figu}_<url64 38-60> | 3 | https://www.figma.com/developers/api#access-tokens
clickup-token | - | pk_<digit 5-10>_<upper 32> | 3 | kingfisher clickup
asana-token | - | <digit 1>/<digit 10-17>{,/<digit 10-17>}:<hex 32> | 3 | kingfisher asana
asana-token | asana | <hex 32> | 3 | gitleaks
trello-token | - | ATTA<hex 64><HEX 8> | 3 | https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/
contentful-token | - | CFPAT-<url64 43> | 3 | https://www.contentful.com/developers/docs/references/authentication/
contentful-token | contentful | <url64= 43> | 3.5 | gitleaks
typeform-token | - | tfp_<url64=. 40-70> | 3 | gitleaks
postman-key | - | {PMAK-<hex 24>-<hex 34>,PMAT-<upper 26>} | 3 | https://learning.postman.com/docs/developer/postman-api/authentication/
hubspot-token | - | pat-<az 2-3><digit 1>-<uuid> | 3 | https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview
hubspot-token | hubspot | <uuid> | 3 | gitleaks
salesforce-token | - | 00D<base62 8-15>!<url64. 30-260> | 3.5 | kingfisher salesforce
zendesk-token | zendesk | <base62 40> | 3.5 | gitleaks
freshbooks-token | freshbooks | <base36 64> | 3.5 | gitleaks
dropbox-token | - | sl.{,u.}<url64 120-1300> | 3.5 | https://developers.dropbox.com/oauth-guide
dropbox-token | dropbox | <mixed 15> | 3 | gitleaks
facebook-token | - | EAA<base62 80-400> | 3.5 | https://developers.facebook.com/docs/facebook-login/guides/access-tokens/
facebook-token | - | <digit 15-16>|<url64 27-40> | 3.5 | gitleaks
facebook-token | facebook | <hex 32> | 3 | gitleaks
instagram-token | - | {IGQV,IGQW}<base64_- 80-300> | 3.5 | https://developers.facebook.com/docs/instagram-platform/reference/access_token/
twitter-token | - | <digit 15-20>-<base62 40> | 3 | https://docs.x.com/fundamentals/authentication/oauth-1-0a/obtaining-user-access-tokens
twitter-token | - | AAAAAAAAAAAAAAAAAAAA<base62% 70-115> | 3 | https://docs.x.com/fundamentals/authentication/oauth-2-0/bearer-tokens
twitter-token | twitter | <base62 45> or <base62 50> | 3.5 | gitleaks
linkedin-secret | linkedin linked_in | <mixed 16> | 3 | gitleaks
twitch-key | - | live_<digit 8-12>_<base62 30-36> | 3 | noseyparker twitch
twitch-key | twitch | <base36 30> | 3.5 | gitleaks
flickr-key | flickr | <hex 32> | 3 | gitleaks
algolia-key | algolia | <hex 32> | 3 | gitleaks
finnhub-key | finnhub | <base36 20> | 3 | gitleaks
nytimes-key | nytimes | <base62 32> | 3.5 | gitleaks
mapbox-token | - | {sk,tk}.eyJ<url64 40-200>.<url64 22> | 3.5 | https://docs.mapbox.com/help/dive-deeper/access-tokens/
maxmind-key | - | <base62 6>_<base62 29>_mmk | 3.5 | https://dev.maxmind.com/license-key/
rapidapi-key | - | <base36 10>msh<base36 15>jsn<base36 12> | 3 | https://docs.rapidapi.com/docs/keys-and-key-rotation
rapidapi-key | rapidapi | <url64 50> | 3.5 | gitleaks
readme-key | - | rdme_<base36 70> | 3 | gitleaks
adobe-secret | - | {p8e,p8}-<url64 32> | 3 | gitleaks
adafruit-key | - | aio_<base62 28> | 3 | noseyparker adafruitio
frameio-token | - | fio-u-<url64= 64> | 3 | gitleaks
settlemint-token | - | sm_{aat,pat,sat}_<base62 16> | 3 | gitleaks
sidekiq-secret | =contribsys | <hex 8>:<hex 8> | 2.5 | gitleaks
intra42-secret | - | s-s4t2{ud,af}-<hex 64> | 3 | gitleaks
wundergraph-key | - | cosmo_<hex 32> | 3 | https://cosmo-docs.wundergraph.com/studio/api-keys
thingsboard-token | - | api/v1/<base36 20>/{telemetry,attributes,rpc,claim} | 2.5 | https://thingsboard.io/docs/reference/http-api/
`;
