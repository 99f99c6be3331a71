/** Luhn's check over a run of digits (ISO/IEC 7812-1). */
export function isLuhn(digits: string): boolean {
  const weigh = (digit: number, at: number): number => (at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2);
  return [...digits].reverse().reduce((total, digit, at) => total + weigh(Number(digit), at), 0) % 10 === 0;
}

/** Issuers' ranges with their lengths: Visa, Mastercard, American Express, Diners Club, JCB, Discover and RuPay, UnionPay, Maestro, Mir, Troy, Verve, Hipercard. */
const issued =
  /^(?:4\d{15}(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|(?:60(?:11|[6-9]\d)|64[4-9]\d|65\d\d|50[89]\d|8[12]\d\d)\d{12}|62\d{14,17}|(?:50[1-4]\d|5[6-8]\d\d|6304|676\d|6[37]\d\d)\d{12}(?:\d{2,3})?|220[0-4]\d{12,15}|9792\d{12}|506[01]\d{12}(?:\d{3})?)$/;

/** A payment card: an issuer's range with its length, and Luhn. */
export function isCard(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  return issued.test(digits) && !/^(\d)\1+$/.test(digits) && isLuhn(digits);
}

/** A German tax id: ISO 7064 MOD 11,10, and of its first ten digits exactly one stands two or three times. */
export function isSteuerId(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (digits.length !== 11 || digits.startsWith('0')) return false;
  const counts = [...new Set(digits.slice(0, 10))].map((digit) => digits.slice(0, 10).split(digit).length - 1).filter((count) => count > 1);
  if (counts.length !== 1 || (counts[0] ?? 0) > 3) return false;
  const product = [...digits.slice(0, 10)].reduce((left, digit) => (((left + Number(digit)) % 10 || 10) * 2) % 11, 10);
  return (11 - product) % 10 === Number(digits[10]);
}

/** A French NIR: the key is 97 minus the number modulo 97; Corsica's letters count as 19 and 18. */
export function isNir(text: string): boolean {
  const compact = text.replace(/ /g, '').replace('2A', '19').replace('2B', '18');
  return compact.length === 15 && Number(compact.slice(13)) === 97 - (Number(compact.slice(0, 13)) % 97);
}

/** A Spanish DNI or NIE: the letter is the number modulo 23. */
export function isDni(text: string): boolean {
  const number = Number(
    text
      .slice(0, -1)
      .replace('-', '')
      .replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter))),
  );
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23] === text.at(-1);
}

const oddValues = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** An Italian codice fiscale: the last letter is the sum of position values modulo 26. */
export function isCodiceFiscale(text: string): boolean {
  const value = (character: string): number => (/\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65);
  const total = [...text.slice(0, 15)].reduce(
    (left, character, at) => left + (at % 2 === 0 ? (oddValues[value(character)] ?? 0) : value(character)),
    0,
  );
  return String.fromCharCode(65 + (total % 26)) === text.at(15);
}

/** How long each country's IBAN is: the 89 of the registry (release 100), then those that use IBANs and are not in it. */
const ibanLengths: { readonly [country: string]: number } = Object.fromEntries(
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 AO25 BF28 BJ28 CF27 CG27 CI28 CM27 CV25 DZ26 GA27 GQ27 GW25 IR26 KM27 MA28 MG27 ML28 MZ25 NE28 SN28 TD27 TG28'
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** An IBAN: its country's length, and the first four characters moved to the end, letters as 10 to 35, modulo 97 is 1 (ISO 13616). */
export function isIban(text: string): boolean {
  const compact = text.replace(/ /g, '');
  if (ibanLengths[compact.slice(0, 2)] !== compact.length) return false;
  return isRestOne(compact.slice(4) + compact.slice(0, 4));
}

/** Letters as 10 to 35, modulo 97 is 1 (ISO 7064 MOD 97-10); a legal entity identifier (ISO 17442) as it stands. */
export function isRestOne(text: string): boolean {
  const digits = [...text].map((character) => Number.parseInt(character, 36)).join('');
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
}
