import { isBareSecret, isCommandSecret, isCurlPassword, isListed, isPair, isSpokenPassword } from './confirm.ts';
import { type SecretFormat, shape } from './forms.ts';

/** A value on a command line or in a file of words: quoted, or up to the next space. */
const word = '(?:"[^"\\r\\n]{1,256}"|\'[^\'\\r\\n]{1,256}\'|[^\\s"\']{1,256})';

/** What stands behind the words that say that a password follows; only the group is looked at. */
function behind(before: string, value = `(${word})`, flags = 'gu'): RegExp {
  return new RegExp(`(?:${before})${value}`, flags);
}

/** Secrets that are known by what stands beside them: an option, an element, a pair of name and value, a word in a sentence. */
export const commandForms: readonly SecretFormat[] = [
  shape(
    'command-option',
    ['-'],
    behind(
      '(?<![^\\s"\'=(\\[,])--?[a-z0-9.-]{0,60}(?:password|passwd|passphrase|pwd|pass|secret|token|api-?key|access-?key|secret-?key|storepass|keypass)(?:\\s{1,4}|[=:])',
      undefined,
      'giu',
    ),
    'https://dev.mysql.com/doc/refman/8.4/en/password-security-user.html',
    isCommandSecret,
  ),
  shape(
    'command-option',
    ['-p', '-a', '-w', '-P', '-k ', '-A ', '-X ', 'obscure', 'htpasswd', 'net user'],
    behind(
      '\\b(?:sshpass -p ?|(?:psexec|PsExec|PSEXEC)(?:64)?(?:\\.exe|\\.EXE)?\\s[^|;\\r\\n]{0,200}?(?<=\\s)-p |mysql(?:dump|admin|import)?\\s[^|;\\r\\n]{0,200}?(?<=\\s)-p|redis-cli\\s[^|;\\r\\n]{0,200}?(?<=\\s)-a |ldap(?:search|add|modify|passwd|delete|whoami)\\s[^|;\\r\\n]{0,200}?(?<=\\s)-w |(?:docker|podman|helm registry|az|oc|skopeo|buildah|crane|oras) login\\s[^|;\\r\\n]{0,200}?(?<=\\s)-p |(?:sqlcmd|bcp)\\s[^|;\\r\\n]{0,200}?(?<=\\s)-P |mongo(?:sh|dump|restore|import|export)?\\s[^|;\\r\\n]{0,200}?(?<=\\s)-p |(?:plink|pscp|psftp)\\s[^|;\\r\\n]{0,200}?(?<=\\s)-pw |(?:zip|unzip)\\s[^|;\\r\\n]{0,200}?(?<=\\s)-P |7z[ar]?\\s[^|;\\r\\n]{0,200}?(?<=\\s)-p|snmp\\w{1,12}\\s[^|;\\r\\n]{0,200}?(?<=\\s)-[AX] |openssl enc\\s[^|;\\r\\n]{0,200}?(?<=\\s)-k |rclone obscure |htpasswd\\s-\\w{0,4}b\\w{0,4} \\S{1,128} \\S{1,128} |net user [\\w.$-]{1,64} (?![/*]))',
    ),
    'https://man7.org/linux/man-pages/man1/bash.1.html',
    isBareSecret,
  ),
  shape(
    'basic-credentials',
    ['curl', 'smbclient', 'http '],
    behind(
      '\\b(?:curl|smbclient|https?)\\s[^|;\\r\\n]{0,300}?(?<=\\s)(?:-u ?|--user[ =]{1,4}|-U |-a |--auth[ =]{1,4})["\']?[^\\s:%"\'$<{]{0,128}[:%]',
      '([^\\s"\']{3,256})',
    ),
    'https://curl.se/docs/manpage.html',
    isCurlPassword,
  ),
  shape(
    'command-option',
    ['sudo -S', 'chpasswd'],
    /\becho\s{1,4}(?:-\w{1,3}\s{1,4})?["']?(?:[\w.-]{1,64}:)?(?=([^\s"'|:]{3,128})["']?\s{0,4}\|\s{0,4}(?:sudo\s{1,4}-S|(?:sudo\s{1,4})?chpasswd))/g,
    'https://man7.org/linux/man-pages/man8/chpasswd.8.html',
    isBareSecret,
  ),
  shape(
    'basic-credentials',
    ['redential', 'uth'],
    /(?:\w{0,40}Credentials?|Basic_?Auth|\bauth\s{0,4}[=:]|\bbasic_auth\s{0,4}[=:])\s{0,4}\(\s{0,4}["'][^"'\r\n]{1,128}["']\s{0,4},\s{0,4}["'](?=([^"'\r\n]{4,256})["'])/gi,
    'https://learn.microsoft.com/dotnet/api/system.net.networkcredential',
    isBareSecret,
  ),
  shape(
    'assignment',
    ['assw', 'ASSW', 'phrase', 'Key', 'Token'],
    // A name and its value with a space or a bracket between, as build scripts and SQL have them.
    /(?<![\p{L}\w.-])((?:set|with)?(?:password|passwd|passphrase|secretKey|apiKey|accessToken))(?:\s{1,4}|\s{0,4}\(\s{0,4})["'](?=([^"'\r\n]{6,256})["'])/giu,
    'https://docs.gradle.org/current/userguide/declaring_repositories_basics.html',
    isPair,
  ),
  shape(
    'spoken-password',
    ['assword is', 'assword for'],
    /\bthe (?:\w{1,20} )?password (?:for (?:the )?(?:user(?:name)? )?["']?[\w.@-]{1,64}["']? )?is ["'](?=([^"'\r\n]{4,64})["'])/gi,
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-about-examples.html',
    isBareSecret,
  ),
  shape(
    'command-option',
    ['pass:'],
    behind('\\s-pass(?:in|out)? pass:'),
    'https://docs.openssl.org/3.5/man1/openssl-passphrase-options/',
    isBareSecret,
  ),
  shape(
    'netrc',
    ['login', 'machine'],
    behind(
      '(?<!\\S)(?:machine\\s{1,4}\\S{1,255}|default)\\s{1,8}login\\s{1,4}\\S{1,128}\\s{1,8}(?:account\\s{1,4}\\S{1,128}\\s{1,8})?password\\s{1,4}',
    ),
    'https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html',
    isBareSecret,
  ),
  shape(
    'pgpass',
    [':'],
    /(?<![^\s"'])(?:\*|localhost|[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}):(?:\d{2,5}|\*):[\w*-]{1,63}:[\w*-]{1,63}:(?=([^\s:]{4,128}(?!\S)))/g,
    'https://www.postgresql.org/docs/current/libpq-pgpass.html',
    isBareSecret,
  ),
  shape(
    'url-credentials',
    ['jdbc:oracle'],
    /jdbc:oracle:(?:thin|oci8?):[\w$#-]{1,128}\/(?=("[^"]{3,128}"@|[^\s@"/]{3,128}@))/gi,
    'https://docs.oracle.com/en/database/oracle/oracle-database/19/jjdbc/data-sources-and-URLs.html',
    isBareSecret,
  ),
  shape(
    'assignment',
    ['<'],
    /<(?:[\w-]{1,30}:)?([\w.-]{2,60})(?:\s[^<>]{0,200})?>\s{0,8}(?=([^<>\s][^<>]{3,512})<\/)/g,
    'https://maven.apache.org/settings.html#servers',
    isPair,
  ),
  shape(
    'assignment',
    ['alue'],
    // An element or an object that has a name here and its value there: ECS, Kubernetes, NuGet, CloudFormation, Spring.
    /(?<![A-Za-z])(?:\w{0,20}(?:name|key)\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?([A-Za-z][\w.:-]{2,80})\\?["']?[\s,]{1,20}\\?["']?\w{0,20}value\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\\?["']?(?=([^"'\\\r\n}]{4,512})))/gi,
    'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KeyValuePair.html',
    isPair,
  ),
  shape(
    'assignment',
    ['('],
    /\w\(\s{0,4}["']([A-Za-z][\w.-]{2,80})["']\s{0,4},\s{0,4}["'](?=([^"'\r\n]{4,512}))/g,
    'https://developer.wordpress.org/advanced-administration/wordpress/wp-config/',
    isPair,
  ),
  shape(
    'basic-credentials',
    ['curl'],
    // A key in the user's place, its password left empty.
    /\bcurl\s[^|;\r\n]{0,300}?(?<=\s)(?:-u ?|--user[ =]{1,4})["']?(?=([^\s:"'$<{]{8,128}):(?:["'\s]|$))/g,
    'https://curl.se/docs/manpage.html',
    isCommandSecret,
  ),
  shape(
    'sql-password',
    ['dentified', 'DENTIFIED', 'ASSWORD '],
    behind(
      "\\b(?:identified\\s{1,4}(?:with\\s{1,4}[\\w']{1,40}\\s{1,4})?by|(?:role|user|login)\\s[^;\\r\\n]{1,120}?\\bpassword(?=\\s{1,4}[\"'`\\\\]))\\s{1,4}(?!password\\b)[\"'`\\\\]{0,2}",
      '([^\\s"\'`;\\\\),]{3,256})',
      'giu',
    ),
    'https://dev.mysql.com/doc/refman/8.4/en/create-user.html',
    isBareSecret,
  ),
  shape(
    'command-option',
    ['ConvertTo-SecureString'],
    behind(
      'ConvertTo-SecureString(?:\\s{1,4}-(?:String|Force|AsPlainText)){0,3}\\s{1,4}[\\\\"\']{0,2}',
      '([^\\s\\\\"\'$-][^\\s\\\\"\']{5,256})',
    ),
    'https://learn.microsoft.com/powershell/module/microsoft.powershell.security/convertto-securestring',
    isBareSecret,
  ),
  shape(
    'basic-credentials',
    ['CURLOPT_'],
    behind('CURLOPT_(?:\\w{0,20}(?:PASSWORD|PASSWD|USERPWD|BEARER))\\s{0,4},\\s{0,4}\\\\?["\']', '([^"\'\\\\\\r\\n]{4,256})'),
    'https://curl.se/libcurl/c/CURLOPT_USERPWD.html',
    isBareSecret,
  ),
  shape(
    'assignment',
    [') or ', ') || ', ') ?? '],
    /\(\s{0,4}["']([A-Za-z][\w.-]{2,80})["']\s{0,4}\)\s{1,4}(?:or|\|\||\?\?)\s{1,4}["'](?=([^"'\r\n]{4,512}))/g,
    'https://docs.python.org/3/library/os.html#os.environ',
    isPair,
  ),
  shape(
    'assignment',
    [','],
    /["']([A-Za-z][\w.-]{2,80})["']\s{0,4},\s{0,4}["']\\?["']?(?=([^"'\\\r\n]{12,512}))/g,
    'https://developer.android.com/build/gradle-tips',
    isListed,
  ),
  shape(
    'spoken-password',
    [],
    behind(
      '(?<![\\p{L}\\p{N}_.-])(?:password|passwort|passphrase|passwd|pwd|pw|kennwort|contraseña|mot de passe|senha|wachtwoord|lösenord|hasło|heslo)(?:\\s(?:is|was|ist|es|est|é|for \\S{1,40}(?: is)?|für \\S{1,40}))?\\s{0,2}[:=]?\\s{1,2}',
      undefined,
      'giu',
    ),
    'https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-about-examples.html',
    isSpokenPassword,
  ),
];
