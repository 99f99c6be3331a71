import { isCodiceFiscale, isDni, isLuhn, isNir, isSteuerId } from './checks.ts';
import * as ids from './ids.ts';
import * as more from './more-ids.ts';
import type { PersonalForm } from './personal-form.ts';

const [before, after] = ['(?<![\\w.+-])', '(?![\\w-])'];

/** A number of a country: its form, its check, and the word that must stand beside it where form and check would say too little. */
function id(detector: string, body: string, source: string, confirm?: (match: string) => boolean, near?: RegExp): PersonalForm {
  return { detector, pattern: new RegExp(`${before}(?:${body})${after}`, 'g'), source, ...(confirm && { confirm }), ...(near && { near }) };
}

const birthNumbers = 'https://www.mvcr.cz/clanek/rady-a-sluzby-dokumenty-rodne-cislo.aspx';

// A library was weighed and left: stdnum (npm, MIT, as of November 2026). Node cannot load its ES modules as they are, and its CommonJS ones add 28 KB
// to a bundle for nine countries, where these checks take 3. On random numbers it agrees with them.

/** National numbers of people; the check digits are in `checks.ts` and `ids.ts`. */
export const nationalForms: readonly PersonalForm[] = [
  id('us-ssn', '(?!000|666|9)\\d{3}-(?!00)\\d{2}-(?!0000)\\d{4}', 'https://secure.ssa.gov/apps10/poms.nsf/lnx/0110201035'),
  // Spaces after three and two digits are a social security number's own.
  id('us-ssn', '(?!000|666|9)\\d{3} (?!00)\\d{2} (?!0000)\\d{4}', 'https://secure.ssa.gov/apps10/poms.nsf/lnx/0110201035'),
  id(
    'us-ssn',
    '(?!000|666|9)\\d{3} ?(?!00)\\d{2} ?(?!0000)\\d{4}',
    'https://www.ssa.gov/employer/randomization.html',
    undefined,
    /\bssn|social.?security/i,
  ),
  id(
    'us-itin',
    '9\\d{2}(?<gap>[ -])(?:5\\d|6[0-5]|7\\d|8[0-8]|9[0-24-9])\\k<gap>\\d{4}',
    'https://www.irs.gov/tin/itin/individual-taxpayer-identification-number-itin',
  ),
  id(
    'uk-nino',
    '(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]',
    'https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110',
  ),
  // In small letters only where it cannot be a part of a digest in hex.
  id(
    'uk-nino',
    '(?=[a-f]?[g-z])(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z] ?\\d{2} ?\\d{2} ?\\d{2} ?[a-d]',
    'https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110',
  ),
  id('uk-nhs', '\\d{3}[ -]?\\d{3}[ -]?\\d{4}', 'https://www.datadictionary.nhs.uk/attributes/nhs_number.html', ids.isNhs, /\bnhs/i),
  // One in eleven of all nine-digit numbers passes the check: the word must stand beside it.
  id('nl-bsn', '\\d{4}\\.?\\d{2}\\.?\\d{3}', 'https://www.rvig.nl/bsn', ids.isBsn, /\bbsn|burgerservice|sofi-?nummer/i),
  id(
    'de-steuer-id',
    '[1-9]\\d ?\\d{3} ?\\d{3} ?\\d{3}',
    'https://www.bzst.de/DE/Privatpersonen/SteuerlicheIdentifikationsnummer/steuerlicheidentifikationsnummer_node.html',
    isSteuerId,
  ),
  id('de-rentennummer', '\\d{2} ?\\d{6} ?[A-Z] ?\\d{3}', 'https://www.gesetze-im-internet.de/vkvv/__2.html', ids.isRentennummer),
  id(
    'fr-nir',
    '[12378] ?\\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\\d) ?(?:\\d{2}|2[AB]) ?\\d{3} ?\\d{3} ?\\d{2}',
    'https://www.insee.fr/fr/metadonnees/definition/c1409',
    isNir,
  ),
  id(
    'es-dni',
    '(?:\\d{8}|[XYZxyz]-?\\d{7})-?[A-Zg-z]',
    'https://www.interior.gob.es/opencms/es/servicios-al-ciudadano/tramites-y-gestiones/dni/calculo-del-digito-de-control-del-nif-nie/',
    (match) => isDni(match.toUpperCase().replaceAll('-', '')),
  ),
  id(
    'it-codice-fiscale',
    '[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]',
    'https://www.agenziaentrate.gov.it/portale/web/guest/schede/istanze/richiesta-ts_cf/informazioni-codificazione-pf',
    isCodiceFiscale,
  ),
  id(
    'be-national-number',
    '\\d{2}\\.?\\d{2}\\.?\\d{2}[ -]?\\d{3}[. ]?\\d{2}',
    'https://www.ibz.rrn.fgov.be/fr/registre-national/',
    ids.isBelgian,
  ),
  id(
    'ch-ahv',
    '756\\.?\\d{4}\\.?\\d{4}\\.?\\d{2}',
    'https://www.zas.admin.ch/zas/en/home/partenaires-et-institutions-/navs13.html',
    ids.isAhv,
  ),
  id(
    'at-svnr',
    '[1-9]\\d{3} ?\\d{6}',
    'https://www.sozialversicherung.at/cdscontent/?contentid=10007.820902',
    ids.isSvnr,
    /sv-?n|svnr|vsnr|sozialvers|versicherungsn/i,
  ),
  id('pl-pesel', '\\d{11}', 'https://www.gov.pl/web/gov/czym-jest-numer-pesel', ids.isPesel, /pesel/i),
  // Without its century the number looks like a date and a time: the word must stand beside it.
  id('se-personnummer', '(?:19\\d{2}|200\\d)\\d{4}-\\d{4}', 'https://www.skatteverket.se/privat/folkbokforing/personnummer', ids.isSwedish),
  id(
    'se-personnummer',
    '(?:19|20)?\\d{6}[+-]?\\d{4}',
    'https://www.skatteverket.se/privat/folkbokforing/personnummer',
    ids.isSwedish,
    /\bpnr\b|person-?(?:n(?:umme)?r|n[or]\b|id)|samordningsn/i,
  ),
  id('fi-hetu', '\\d{6}[-+A-FU-Y]\\d{3}[0-9A-FHJ-NPR-Y]', 'https://dvv.fi/en/personal-identity-code', ids.isFinnish),
  id('dk-cpr', '\\d{6}-?\\d{4}', 'https://cpr.dk/cpr-systemet/opbygning-af-cpr-nummeret', ids.isDanish, /\bcpr|personnummer/i),
  id(
    'no-fodselsnummer',
    '\\d{6} ?\\d{5}',
    'https://www.skatteetaten.no/en/person/national-registry/birth-and-name-selection/children-born-in-norway/national-id-number/',
    ids.isNorwegian,
  ),
  id('pt-nif', '[1235689]\\d{2} ?\\d{3} ?\\d{3}', 'https://info.portaldasfinancas.gov.pt/', ids.isNif, /\bnif\b|contribuinte/i),
  id('br-cpf', '\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}', 'https://www.gov.br/receitafederal/pt-br/assuntos/meu-cpf', ids.isCpf),
  id('br-cpf', '\\d{11}', 'https://www.gov.br/receitafederal/pt-br/assuntos/meu-cpf', ids.isCpf, /\bcpf/i),
  id(
    'ie-pps',
    '\\d{7}[A-W][A-IW]?',
    'https://www.gov.ie/en/department-of-social-protection/services/get-a-personal-public-service-pps-number/',
    ids.isPps,
    /\bpps/i,
  ),
  id(
    'ca-sin',
    '[1-79]\\d{2}[ -]?\\d{3}[ -]?\\d{3}',
    'https://www.canada.ca/en/employment-social-development/services/sin.html',
    (match) => isLuhn(match.replace(/\D/g, '')),
    /\bsin\b|social.?insurance|\bnas\b/i,
  ),
  id('au-tfn', '\\d{3} ?\\d{3} ?\\d{3}', 'https://www.ato.gov.au/individuals-and-families/tax-file-number', ids.isTfn, /\btfn|tax.?file/i),
  id('au-medicare', '[2-6]\\d{3} ?\\d{5} ?\\d(?:[ /-]?\\d)?', 'https://meteor.aihw.gov.au/content/270101', ids.isMedicare, /medicare/i),
  id('in-aadhaar', '[2-9]\\d{3}[ -]?\\d{4}[ -]?\\d{4}', 'https://uidai.gov.in/en/', ids.isAadhaar, /aadha+r|uidai/i),
  id('in-pan', '[A-Z]{3}P[A-Z]\\d{4}[A-Z]', 'https://incometaxindia.gov.in/Pages/tax-services/pan.aspx'),
  // The fourth letter says who holds it: beside its name, also what is no person's.
  id(
    'in-pan',
    '[A-Z]{5}\\d{4}[A-Z]',
    'https://incometaxindia.gov.in/Pages/tax-services/pan.aspx',
    undefined,
    /\bPAN\b|permanent.?account/i,
  ),
  id('mx-curp', '[A-Z][AEIOUX][A-Z]{2}\\d{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z]\\d', 'https://www.gob.mx/segob/renapo', more.isCurp),
  id('cl-rut', '\\d{1,2}\\.\\d{3}\\.\\d{3}-[\\dkK]', 'https://www.registrocivil.cl/', ids.isRut),
  id('cz-sk-birth-number', '\\d{6}/\\d{4}', birthNumbers, ids.isRodneCislo),
  id(
    'cz-sk-birth-number',
    '\\d{6}/?\\d{3,4}',
    birthNumbers,
    ids.isRodneCislo,
    /rodn[eé].{0,2}[cč][ií]slo|\br\.?[cč]\.?(?![\p{L}])|birth.?n(?:o|umber)/iu,
  ),
  id(
    'cn-resident-number',
    '[1-8]\\d{5}(?:19|20)\\d{2}\\d{4}\\d{3}[\\dXx]',
    'https://www.gov.cn/banshi/2005-08/02/content_19457.htm',
    ids.isChinese,
  ),
  id(
    'us-mbi',
    '[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\\d-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\\d-?[AC-HJKMNP-RT-Y]{2}\\d{2}',
    'https://www.cms.gov/medicare/new-medicare-card/understanding-the-mbi-with-format.pdf',
  ),
  id('sg-fin', '[STFGM]\\d{7}[A-Z]', 'https://www.ica.gov.sg/', more.isFin),
  id(
    'za-id',
    '\\d{6} ?\\d{4} ?[012]\\d{2}',
    'https://www.gov.za/services/services-residents/information-government/id-numbers',
    more.isSouthAfrican,
    /\b(?:rsa|sa|south.?african?|refugee|za).{0,3}id\b|\bid.?(?:n(?:o|umber)|nr)\b|identity.?n/i,
  ),
  id('tr-kimlik', '[1-9]\\d{10}', 'https://www.nvi.gov.tr/', more.isTurkish, /kimlik|\btckn\b|\bt\.?c\.? ?n[or]/i),
  id('kr-rrn', '\\d{6}-[1-8]\\d{6}', 'https://www.law.go.kr/', more.isKorean),
  id('kr-rrn', '\\d{6}[1-8]\\d{6}', 'https://www.law.go.kr/', more.isKorean, /\brrn\b|resident.?registration|주민/i),
  id('th-id', '[1-8]-\\d{4}-\\d{5}-\\d{2}-\\d', 'https://www.bora.dopa.go.th/', more.isThai),
  id('th-id', '[1-8]\\d{12}', 'https://www.bora.dopa.go.th/', more.isThai, /thai|tnin|ประชาชน/i),
  id(
    'passport',
    '[A-Z]{0,2}\\d{6,9}[A-Z]?',
    'https://www.icao.int/publications/doc-series/doc-9303',
    undefined,
    /\b(?:passport|reisepass|pasaporte|passeport)(?:.?(?:no|nr|num|number|nummer|id))?\b["']?\W{1,4}[A-Z]{0,2}\d{6}/i,
  ),
  id('passport', '[PIACV][A-Z<][A-Z]{3}[A-Z]{1,30}<<[A-Z<]{10,40}', 'https://www.icao.int/publications/doc-series/doc-9303'),
];
