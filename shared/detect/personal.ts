import { isCard, isIban } from './checks.ts';
import { nationalForms } from './nationals.ts';
import type { PersonalForm } from './personal-form.ts';

/** Mailboxes of roles (RFC 2142), senders that nobody reads, teams and accounts of systems: no person's address. */
const roles =
  /^(?:[\w.-]{0,40}[._-])?(?:info|e?-?mail|marketing|sales|support|abuse|noc|security|postmaster|hostmaster|usenet|news|webmaster|www|uucp|ftp|git|root|no-?reply|do-?not-?reply|mailer-daemon|alerts?|alarms?|notifications?|notify|billing|invoices?|ops|devops|sre|platform|on-?call|team|contact|hello|help|helpdesk|service-?desk|office|privacy|legal|press|jobs|careers|hr|feedback|newsletter|bounces?|admin|administrator|hostadmin|ec2-user|ubuntu|centos|deploy|deployer|deployment|jenkins|ci|bot|system|service|services|monitoring|user|username|name|someone|you|test|dev|developers?|engineering|infra|finance|accounts|accounting|orders|customercare|customerservice|dmarc(?:-?reports?)?|postgres|mysql|oracle|app|api|backup|cloud|aws|data|reports?|status|subscriptions?)(?:\+[^@]*)?@/i;

/** Ends that are no top-level domain: systemd units, files, names of a private network, service accounts, SSH's algorithms. */
const noDomain =
  /[.@](?:service|socket|timer|target|mount|slice|local|localdomain|localhost|internal|lan|home|corp|svc|png|jpe?g|webp|gif|svg|css|js|mjs|ts|json|ya?ml|tgz|gz|zip|whl|jar|deb|rpm|tar|exe|dll|so|gserviceaccount\.com|openssh\.com)$/i;

/** The codes of countries and services that are assigned. */
const countryCodes =
  /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|21[1-368]|2[2346]\d|25[0-8]|29[017-9]|3[57]\d|38[0-35-79]|42[013]|50\d|59\d|67[02-9]|68\d|69[0-2]|80[08]|85[02356]|87\d|88[0-38]|96[0-8]|97[0-79]|99[2-68])/;

/** An E.164 number: an assigned code and at most fifteen digits; a position on the earth also starts with a plus (ISO 6709). */
function isPhone(match: string): boolean {
  const digits = match.replace(/\D/g, '');
  return digits.length >= 9 && digits.length <= 15 && countryCodes.test(digits) && !/^\+\d{2,3}\.\d{3,}[+-]?\d/.test(match);
}

const edge = '(?<![\\w.+-])';

/** Words for the day of birth, in the languages that national numbers are known of. */
const birth =
  /\bdob\b|date.?of.?birth|birth.?da(?:te|y)|\bborn(?: on)?["']?\s{0,3}[:=]|\bborn on\b|geburts(?:datum|tag)|date.?(?:de.?)?naissance|fecha.?(?:de.?)?nacimiento|data.?(?:de.?|di.?)?nasc(?:imento|ita)|geboortedatum|f[øö]d(?:sels|else)da(?:to|tum)|syntym[äa]aika|data.?urodzenia|datum.?narozen/i;

const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?';

/** A day of birth: year first, year last, with the month's name, and without any signs between. */
const birthForms: readonly PersonalForm[] = [
  `(?:19|20)\\d{2}(?<sign>[./-]?)\\d{2}\\k<sign>\\d{2}`,
  '\\d{1,2}[./-]\\d{1,2}[./-](?:19|20)?\\d{2}',
  `\\d{1,2}(?:st|nd|rd|th)?[ .-]{1,2}${month}[ ,-]{1,2}(?:19|20)?\\d{2}`,
  `${month} \\d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\\d{2}`,
].map((form) => ({
  detector: 'date-of-birth',
  pattern: new RegExp(`${edge}(?:${form})(?![\\w-])`, 'gi'),
  near: birth,
  source: 'https://www.iso.org/iso-8601-date-and-time-format.html',
}));

/** Personal data that is known by its form; each pattern is bounded, so that time grows with the length of the text only. */
export const personalForms: readonly PersonalForm[] = [
  {
    detector: 'email-address',
    pattern:
      /(?<![\p{L}\p{N}_.+%-])[\p{L}\p{N}_.+%-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,4}\.(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})(?![\p{L}\p{N}@-])/gu,
    confirm: (match) => !(roles.test(match) && !/[.@]xn--/.test(match)) && !noDomain.test(match),
    source: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1',
  },
  {
    detector: 'payment-card',
    pattern: new RegExp(`${edge}\\d{4}(?:[ -]?\\d){10,15}(?![\\w-])`, 'g'),
    confirm: isCard,
    source: 'https://www.iso.org/standard/70484.html (ISO/IEC 7812-1); ranges: https://en.wikipedia.org/wiki/Payment_card_number',
  },
  {
    detector: 'iban',
    pattern: new RegExp(`${edge}[A-Z]{2}\\d{2}(?: ?[A-Z0-9]){11,30}(?![\\w-])`, 'g'),
    confirm: isIban,
    source: 'https://www.iso.org/standard/81090.html (ISO 13616-1)',
  },
  {
    detector: 'phone-number',
    pattern: /(?<![\w+.])\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d(?:[ .-]?\d){6,11}(?![\w-])/g,
    confirm: isPhone,
    source: 'https://www.itu.int/rec/T-REC-E.164',
  },
  {
    detector: 'phone-number',
    pattern: /(?<![\w+.-])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[.-])[2-9]\d{2}[.-]\d{4}(?![\w-])/g,
    near: /phone|\btel|mobile|\bcell|\bcall\b|\bfax|\bsms/i,
    source: 'https://www.nanpa.com/numbering/north-american-numbering-plan',
  },
  {
    // An area code in brackets is written in a telephone number only.
    detector: 'phone-number',
    pattern: /(?<![\w+.)-])(?:\+?1[ .-]?)?\([2-9]\d{2}\) ?[2-9]\d{2}[.-]\d{4}(?![\w-])/g,
    source: 'https://www.nanpa.com/numbering/north-american-numbering-plan',
  },
  {
    // Without an area code's brackets or a plus, only right behind the word.
    detector: 'phone-number',
    pattern: /(?<![\w.+-])(?:0[1-9](?:[ ./()-]{0,2}\d){7,10}|[2-9]\d{2}[2-9]\d{6})(?![\w-])/g,
    near: /(?:phone|telefon|\btel|mobile|\bcell|\bfax|\bhandy)(?:.?(?:no|nr|num|number|nummer))?["']?\s{0,3}[:=]\s{0,3}["']?[(0-9]/i,
    source: 'https://www.itu.int/rec/T-REC-E.123',
  },
  ...birthForms,
  ...nationalForms,
];
