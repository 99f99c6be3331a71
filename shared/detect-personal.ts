import { isBsn, isCard, isCodiceFiscale, isDni, isIban, isNir, isSteuerId } from './detect-checks.ts';

/** One form of personal data: its pattern, the check that a match must pass, and the document it is from. */
export interface PersonalForm {
  readonly detector: string;
  readonly pattern: RegExp;
  readonly confirm?: (match: string) => boolean;
  /** A word that must stand in the text too, where the number alone would say too little. */
  readonly near?: RegExp;
  readonly source: string;
}

/** Mailboxes of roles (RFC 2142) and senders that nobody reads: no person's address. */
const roles =
  /^(?:info|marketing|sales|support|abuse|noc|security|postmaster|hostmaster|usenet|news|webmaster|www|uucp|ftp|git|root|no-?reply|do-?not-?reply|mailer-daemon|alerts?|notifications?|billing|ops|devops|platform|oncall)(?:\+[^@]*)?@/i;

/** Ends that are no top-level domain: systemd units, images of two densities, names of a private network, service accounts. */
const noDomain =
  /\.(?:service|socket|timer|target|mount|local|localdomain|internal|lan|png|jpe?g|webp|gif|svg|css|js|gserviceaccount\.com)$/i;

const edge = '(?<![\\w.+-])';

/** Personal data that is known by its form; each pattern is bounded, so that time grows with the length of the text only. */
export const personalForms: readonly PersonalForm[] = [
  {
    detector: 'email-address',
    pattern:
      /(?<![\p{L}\p{N}_.+%-])[\p{L}\p{N}_.+%-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,4}\.\p{L}{2,24}(?![\p{L}\p{N}@-])/gu,
    confirm: (match) => !roles.test(match) && !noDomain.test(match),
    source: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1',
  },
  {
    detector: 'payment-card',
    pattern: new RegExp(`${edge}\\d{4}(?:[ -]?\\d){10,15}(?![\\w-])`, 'g'),
    confirm: isCard,
    source: 'https://www.iso.org/standard/70484.html (ISO/IEC 7812-1); ranges: https://en.wikipedia.org/wiki/Payment_card_number',
  },
  {
    detector: 'us-ssn',
    pattern: /(?<![\w.+-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g,
    source: 'https://secure.ssa.gov/apps10/poms.nsf/lnx/0110201035',
  },
  {
    detector: 'uk-nino',
    pattern: /(?<![\w.+-])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\w-])/g,
    source: 'https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110',
  },
  {
    // One in eleven of all nine-digit numbers passes the check: the word must stand beside it.
    detector: 'nl-bsn',
    pattern: new RegExp(`${edge}\\d{4}\\.?\\d{2}\\.?\\d{3}(?![\\w-])`, 'g'),
    confirm: isBsn,
    near: /\bbsn\b|burgerservice|sofi-?nummer/i,
    source: 'https://www.rvig.nl/bsn',
  },
  {
    detector: 'de-steuer-id',
    pattern: new RegExp(`${edge}[1-9]\\d ?\\d{3} ?\\d{3} ?\\d{3}(?![\\w-])`, 'g'),
    confirm: isSteuerId,
    source: 'https://kryptografie.de/kryptografie/chiffre/steuer-id.htm',
  },
  {
    detector: 'fr-nir',
    pattern: new RegExp(`${edge}[12378] ?\\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\\d) ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?\\d{2}(?![\\w-])`, 'g'),
    confirm: isNir,
    source: 'https://www.insee.fr/fr/metadonnees/definition/c1409',
  },
  {
    detector: 'es-dni',
    pattern: new RegExp(`${edge}(?:\\d{8}|[XYZ]-?\\d{7})-?[A-Z](?![\\w-])`, 'g'),
    confirm: (match) => isDni(match.replaceAll('-', '')),
    source:
      'https://www.interior.gob.es/opencms/es/servicios-al-ciudadano/tramites-y-gestiones/dni/calculo-del-digito-de-control-del-nif-nie/',
  },
  {
    detector: 'it-codice-fiscale',
    pattern: new RegExp(`${edge}[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z](?![\\w-])`, 'g'),
    confirm: isCodiceFiscale,
    source: 'https://www.agenziaentrate.gov.it/portale/web/guest/schede/istanze/richiesta-ts_cf/informazioni-codificazione-pf',
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
    confirm: (match) => match.replace(/\D/g, '').length <= 15,
    source: 'https://www.itu.int/rec/T-REC-E.164',
  },
];
