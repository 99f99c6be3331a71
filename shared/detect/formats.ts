import { commandForms } from './commands.ts';
import { generalForms, type SecretFormat, shape, token } from './forms.ts';
import { serviceFormats } from './services.ts';

const aws = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/';
const github = 'https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/';

/** Every quantifier is bounded and no two neighbours share characters without a limit: time grows with the text, never faster. */
export const secretFormats: readonly SecretFormat[] = [
  // Cloud
  token(
    'aws-access-key',
    'AKIA ASIA ABIA ACCA',
    '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{9}(?!EXAMPLE)[A-Z0-9]{7}',
    `${aws}reference_identifiers.html`,
  ),
  shape(
    'aws-secret-key',
    [],
    /(?:secret_?access_?key|aws_?secret(?:_?key)?|SecretKey)["'\\]{0,3}\s{0,4}[:=]\s{0,4}["'\\]{0,3}[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/gi,
    `${aws}id_credentials_access-keys.html`,
  ),
  token(
    'aws-session-token',
    'IQoJb3JpZ2lu FwoGZXIvYXdz',
    '(?:IQoJb3JpZ2lu|FwoGZXIvYXdz)[A-Za-z0-9/+=]{100,4096}',
    `${aws}id_credentials_temp.html`,
  ),
  token(
    'aws-bedrock-key',
    'ABSK bedrock-api-key-',
    'ABSK[A-Za-z0-9+/]{80,300}={0,2}|bedrock-api-key-[A-Za-z0-9+/]{40,4096}={0,2}',
    'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html',
  ),
  token('aws-appsync-key', 'da2-', 'da2-[a-z0-9]{26}', 'https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html'),
  shape(
    'signed-url',
    ['Signature='],
    /X-(?:Amz|Goog)-Signature=[a-f0-9]{64,512}|[?&]Signature=[A-Za-z0-9~_-]{80,700}(?=&Key-Pair-Id=)/g,
    'https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html',
  ),
  token(
    'google-api-key',
    'AIza AQ.',
    'AIza[A-Za-z0-9_-]{35}|AQ\\.Ab8[A-Za-z0-9_-]{40,60}',
    'https://cloud.google.com/docs/authentication/api-keys',
  ),
  token(
    'google-oauth',
    'GOCSPX- ya29. 1//0',
    'GOCSPX-[A-Za-z0-9_-]{28}|ya29\\.[A-Za-z0-9_-]{30,2048}|1//0[A-Za-z0-9_-]{40,256}',
    'https://developers.google.com/identity/protocols/oauth2',
  ),
  shape(
    'azure-key',
    ['Key='],
    /(?:AccountKey|SharedAccessKey|AccessKey)=[A-Za-z0-9+/]{40,100}={0,2}/g,
    'https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string',
  ),
  shape(
    'azure-sas',
    ['sig='],
    /(?<![A-Za-z0-9])sig=[A-Za-z0-9%+/_-]{43,80}/g,
    'https://learn.microsoft.com/rest/api/storageservices/create-service-sas',
  ),
  token(
    'azure-client-secret',
    'Q~',
    '[A-Za-z0-9_~.-]{3}\\dQ~[A-Za-z0-9_~.-]{31,34}',
    'https://learn.microsoft.com/purview/sit-defn-client-secret-api-key',
  ),
  token(
    'alibaba-access-key',
    'LTAI',
    'LTAI[A-Za-z0-9]{12,20}',
    'https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair',
  ),
  token('digitalocean-token', 'do', 'do[opr]_v1_[a-f0-9]{64}', 'https://docs.digitalocean.com/reference/api/create-personal-access-token/'),
  token('vault-token', 'hv', 'hv[sbr]\\.[A-Za-z0-9_-]{24,300}', 'https://developer.hashicorp.com/vault/docs/concepts/tokens'),
  token(
    'terraform-token',
    '.atlasv1.',
    '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,70}',
    'https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens',
  ),
  token(
    'databricks-token',
    'da dose dkea',
    '(?:dapi|dsapi|dose|dkea)[a-f0-9]{32}(?:-\\d)?',
    'https://docs.databricks.com/aws/en/dev-tools/auth/pat',
  ),
  token('heroku-key', 'HRKU-', 'HRKU-[A-Za-z0-9_-]{36,80}', 'https://devcenter.heroku.com/articles/authentication'),
  // Git hosting
  token('github-token', 'ghp_ gho_ ghu_ ghs_ ghr_', 'gh[pousr]_[A-Za-z0-9]{36,251}', github),
  token('github-token', 'github_pat_', 'github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}', github),
  token(
    'gitlab-token',
    'gl GR1348941',
    'GR1348941[A-Za-z0-9_-]{20}|(?:glpat|gldt|glrt|glrtr|glcbt|glptt|glft|glimt|glagent|gloas|glsoat|glffct)-[A-Za-z0-9_.-]{20,300}',
    'https://docs.gitlab.com/security/tokens/#token-prefixes',
  ),
  token(
    'bitbucket-token',
    'ATBB ATCTT3',
    'ATBB[A-Za-z0-9]{32}|ATCTT3[A-Za-z0-9_=-]{50,300}',
    'https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/',
  ),
  token(
    'atlassian-token',
    'ATATT3',
    'ATATT3[A-Za-z0-9_=-]{50,300}',
    'https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/',
  ),
  // Chat
  token(
    'slack-token',
    'xox xapp-',
    'xox[abeoprs](?:\\.xox[bp])?-[A-Za-z0-9-]{10,250}|xapp-\\d-[A-Z0-9]{8,14}-\\d{8,16}-[a-f0-9]{40,80}',
    'https://docs.slack.dev/authentication/tokens/',
  ),
  token(
    'slack-webhook',
    'hooks.slack',
    'hooks\\.slack(?:-gov)?\\.com/(?:services|workflows|triggers)/[A-Za-z0-9/]{20,120}',
    'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/',
  ),
  token(
    'discord-webhook',
    '/api/',
    'discord(?:app)?\\.com/api/(?:v\\d{1,2}/)?webhooks/\\d{17,20}/[A-Za-z0-9_-]{60,70}',
    'https://discord.com/developers/docs/resources/webhook',
  ),
  token(
    'discord-bot-token',
    '.',
    '[MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{27,38}',
    'https://discord.com/developers/docs/reference#authentication',
  ),
  token('telegram-bot-token', ':', '(?:bot)?\\d{8,10}:A[A-Za-z0-9_-]{34}', 'https://core.telegram.org/bots/features#botfather'),
  token(
    'teams-webhook',
    '/IncomingWebhook/',
    'webhook(?:b2)?/[a-f0-9@-]{70,80}/IncomingWebhook/[a-f0-9]{32}/[a-f0-9-]{36}',
    'https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook',
  ),
  // Payment and commerce
  token(
    'stripe-key',
    'k_live_ k_test_ whsec_',
    '[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,250}|whsec_[A-Za-z0-9+/]{24,100}',
    'https://docs.stripe.com/keys',
  ),
  token(
    'square-token',
    'EAAA sq0',
    'EAAA[A-Za-z0-9_-]{60}|sq0[a-z]{3}-[A-Za-z0-9_-]{22,50}',
    'https://developer.squareup.com/docs/build-basics/access-tokens',
  ),
  token(
    'braintree-token',
    'access_token$',
    'access_token\\$(?:production|sandbox)\\$[a-z0-9]{16}\\$[a-f0-9]{32}',
    'https://developer.paypal.com/braintree/docs/guides/extend/oauth/access-tokens',
  ),
  token(
    'shopify-token',
    'shp',
    'shp(?:at|ca|pa|ss|ua|tka)_[A-Fa-f0-9]{32}',
    'https://shopify.dev/changelog/app-secret-key-length-has-increased',
  ),
  // Packages
  token('npm-token', 'npm_', 'npm_[A-Za-z0-9]{36}', 'https://github.blog/changelog/2021-09-23-npm-has-a-new-access-token-format/'),
  token('pypi-token', 'pypi-', 'pypi-AgE[A-Za-z0-9_-]{50,500}', 'https://pypi.org/help/#apitoken'),
  token('rubygems-key', 'rubygems_', 'rubygems_[a-f0-9]{48}', 'https://guides.rubygems.org/api-key-scopes/'),
  token('docker-token', 'dckr_', 'dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,40}', 'https://docs.docker.com/security/access-tokens/'),
  // Models
  token('anthropic-key', 'sk-ant-', 'sk-ant-[a-z0-9]{3,10}-[A-Za-z0-9_-]{40,200}', 'https://docs.anthropic.com/en/api/overview'),
  token(
    'openai-key',
    'sk-',
    'sk-[a-f0-9]{32}|sk-[A-Za-z0-9]{48}|sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{40,250}|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}',
    'https://platform.openai.com/docs/api-reference/authentication',
  ),
  token('hugging-face-token', 'hf_ api_org_', '(?:hf|api_org)_[A-Za-z0-9]{30,40}', 'https://huggingface.co/docs/hub/security-tokens'),
  // Mail, telephony, operations
  token(
    'sendgrid-key',
    'SG.',
    'SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}',
    'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys',
  ),
  token('twilio-key', 'SK AC', 'SK[a-f0-9]{32}|AC[a-f0-9]{32}:[a-f0-9]{32}', 'https://www.twilio.com/docs/glossary/what-is-a-sid'),
  token(
    'mailgun-key',
    '-',
    'key-[a-f0-9]{32}|[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}',
    'https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt',
  ),
  token('mailchimp-key', '-us', '[a-f0-9]{32}-us\\d{1,2}', 'https://mailchimp.com/developer/marketing/docs/fundamentals/'),
  token(
    'new-relic-key',
    'NRAK- NRII- NRRA-',
    'NR(?:AK|RA)-[A-Za-z0-9]{27,42}|NRII-[A-Za-z0-9_-]{32}',
    'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/',
  ),
  token(
    'grafana-token',
    'gl eyJrIjoi',
    'glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|glc_[A-Za-z0-9+/]{32,400}={0,2}|eyJrIjoi[A-Za-z0-9]{70,400}={0,3}',
    'https://grafana.com/docs/grafana/latest/administration/service-accounts/',
  ),
  token('sentry-token', 'sntry', 'sntrys_[A-Za-z0-9+/=_-]{80,500}|sntryu_[a-f0-9]{64}', 'https://docs.sentry.io/account/auth-tokens/'),
  token(
    'postman-key',
    'PMAK-',
    'PMAK-[a-f0-9]{24}-[a-f0-9]{34}',
    'https://learning.postman.com/docs/developer/postman-api/authentication/',
  ),
  token('linear-key', 'lin_', 'lin_(?:api|oauth)_[A-Za-z0-9]{40,64}', 'https://linear.app/developers/graphql'),
  token(
    'notion-token',
    'ntn_ secret_',
    'ntn_[A-Za-z0-9]{43,50}|secret_[A-Za-z0-9]{43}',
    'https://developers.notion.com/docs/authorization',
  ),
  token('airtable-token', 'pat', 'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}', 'https://airtable.com/developers/web/guides/personal-access-tokens'),
  token('figma-token', 'fig', 'fig[dou]_?[A-Za-z0-9_-]{40,60}', 'https://www.figma.com/developers/api#access-tokens'),
  token('doppler-token', 'dp.', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9_.-]{40,80}', 'https://docs.doppler.com/docs/service-tokens'),
  token('onepassword-token', 'ops_eyJ', 'ops_eyJ[A-Za-z0-9+/_-]{200,4096}={0,3}', 'https://developer.1password.com/docs/service-accounts/'),
  token('age-key', 'AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-1[A-Z0-9]{58}', 'https://age-encryption.org/v1'),
  ...serviceFormats,
  ...commandForms,
  ...generalForms,
];
