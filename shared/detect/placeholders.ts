/** What stands where a secret will be filled in, or points to one: a variable, a template, a reference to a store, an address without a password. */
const placeholder = new RegExp(
  [
    // Variables, templates and masks of shells, CI systems and template engines.
    '^(?:\\$|\\{(?:[\\w .:-]*\\}?$|\\{|%|\\s*["\']?\\w*["\']?\\s*:)|<|%[\\w{]|\\*{3}|[•●]{3}|x{4}|#\\{|\\.{3}|…|_{3}|-{3}|@\\w+@$|\\[|!(?:Ref|Sub|GetAtt|Join|Select|ImportValue|vault|secret|env)\\b|ENC[[(])',
    // References to where a secret is kept.
    '^(?:arn:aws|resolve:|secretsmanager:|ssm:|vault:|file:|env[.:]|@Microsoft\\.KeyVault|\\/[\\w./-]*$|\\.{0,2}\\/|~\\/|[A-Z]:\\\\|[a-z][a-z0-9+.-]*:\\/\\/(?:[^:@/]*@)?[^@]*$)',
    '^[\\w ./\\\\~-]+\\.(?:pem|key|crt|cer|p12|pfx|jks|keystore|pub|txt|json|ya?ml|env|conf|cfg|ini|properties|toml|xml|php|js|ts|py|go|java|rb)$',
    // Expressions of programs and of infrastructure as code, and calls.
    '^(?:var|local|data|module|each|self|process|os|env|config|settings|secrets?|params?|props|options|args|context|ctx|this|vars|values|inputs?|outputs?|steps|github|spec|metadata|request|req|app|user|event|[a-z]+_[a-z_]+)(?:\\.[A-Za-z_]|\\[)',
    '^[A-Za-z_$][\\w$]*(?:\\??\\.[A-Za-z_$][\\w$]*)*[(]|^[A-Za-z_$][\\w$]*(?:\\??\\.[A-Za-z_$][\\w$]*)+\\[',
    '^[a-z]+(?:\\.[a-z_]\\w*){2,}(?:\\.[A-Z]\\w*)?$',
    // What its author means to replace.
    '^(?:(?:your|my|the|a|an|some|insert|enter|put|replace|change|fill|add|set|update|paste|use)[-_ .]|my[-_]?(?:secret|password|token)$|change_?(?:me|it|this)|replace_?(?:me|this)|fill_?me|todo|fixme|tbd|n\\/a|dummy|placeholder|redacted|masked|removed|not[-_ ]|to[-_ ]be[-_ ]|see[-_ ]|same[-_ ]as)',
    '[-_ ](?:here|placeholder|goes-here|change-?me)>?$|EXAMPLE(?:K|KE|KEY)?$|x{6}|(?<again>[b-z])\\k<again>{9}|a{12}|.(?:\\.{3}|…)$|^(?:some|my|the|a)?[-_]?(?:fake|dummy|mock)[-_]?(?:api|secret|access)?[-_]?(?:key|token|secret|password|value)?$|example-?(?:key|token|secret|password)$|\\*{4}|[•●]{3}|^(.)\\1{5,}$',
  ].join('|'),
  'i',
);

/** Plain words that follow `password:` in prose, schemas and switches. */
const words =
  /^(?:required?|optional|string|boolean|number|integer|object|array|secrets?|passwords?|passwor[dt]|passphrase|token|bearer|basic|default|disabled?|enabled?|hidden|masked|redacted|removed|examples?|sample|undefined|none|null|nil|true|false|yes|no|on|off|unset|empty|reset|forgotten|expired|invalid|missing|changed|unchanged|rotated?|securestring|parameter|must|should|will|cannot|never|always|plain-?text|encrypted|authentication|managed|automatic|external|internal|username|mandatory|unknown|generated?|random|prompt|interactive|user-?input|inherit(?:ed)?|stdin|scram-sha-256|bcrypt|argon2(?:id)?|scrypt|pbkdf2|sha-?\d{1,3}|rs256|hs256|es256|client_credentials|authorization_code|refresh_token|access_token|id_token)$/i;

/** Words that hold sentences together; no generated value and hardly a passphrase has them. */
const joining =
  /(?:^|\s)(?:the|an?|is|are|was|to|of|for|and|or|not|no|in|on|at|by|with|your|you|our|my|we|it|this|that|must|should|will|please|has|have|be|from|as|if|when|least|der|die|das|ist|und|nicht|ein|eine|le|la|les|est|et|pour|votre|el|los|de|su|y|het|een|niet)(?=[\s.,!?:;]|$)/i;

/** Whether what stands in a secret's place is only a placeholder or a reference. */
export function isPlaceholder(text: string): boolean {
  return placeholder.test(text) || words.test(text);
}

/** Whether a client's token is the UUID that keeps a call from being made twice, as AWS's SDKs make it. */
export function isIdempotencyToken(name: string, value: string): boolean {
  return /client[\s_.-]?token$/i.test(name) && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value);
}

/** Whether a text is a sentence or a label: words, with a space between and one that joins them, or a capital and no sign or digit. */
export function isProse(text: string): boolean {
  return /\s/.test(text.trim()) && (joining.test(text) || /^\p{Lu}?[\p{L}'’]+(?: [\p{L}'’]+){1,2}[.!?:…]?$/u.test(text));
}
