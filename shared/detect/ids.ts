import { isLuhn } from './checks.ts';

/** Whether the digits of a text, each by its weight, come to nothing modulo so much; digits beyond the weights are left out. */
function isWeighed(text: string, weights: readonly number[], modulus: number): boolean {
  return weighed(text, weights) % modulus === 0;
}

/** The sum of a text's digits, each by its weight. */
export function weighed(text: string, weights: readonly number[]): number {
  const digits = text.replace(/\D/g, '');
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at] ?? 0), 0);
}

/** A check digit by modulo 11 in which 10 counts as 0. */
function isElevenDigit(digits: string, weights: readonly number[]): boolean {
  return ((weighed(digits, weights) * 10) % 11) % 10 === Number(digits[weights.length]);
}

function isSame(digits: string): boolean {
  return /^(\d)\1+$/.test(digits);
}

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the calendar of a leap year has a day: two digits of a year do not say which it is. */
export function isDay(day: number, month: number): boolean {
  return day >= 1 && day <= (longestMonths[month - 1] ?? 0);
}

const from = (start: number, count: number, step = -1): readonly number[] => Array.from({ length: count }, (_, at) => start + at * step);

/** Whether a year of two digits in a century has begun: nobody is born in the years to come. */
export function hasBegun(century: number, year: string): boolean {
  return century + Number(year) <= new Date().getUTCFullYear();
}

/** A Dutch BSN: the eleven-test, the last digit counted minus one. */
export function isBsn(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return digits.length === 9 && !/^0{4}/.test(digits) && isWeighed(digits, [...from(9, 8), -1], 11);
}

/** A Brazilian CPF: both check digits. */
export function isCpf(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return digits.length === 11 && !isSame(digits) && isElevenDigit(digits, from(10, 9)) && isElevenDigit(digits, from(11, 10));
}

/** A Polish PESEL: the weighted sum and a day of birth, whose month also tells the century (80 more for 1800, 20 for 2000, and so on). */
export function isPesel(text: string): boolean {
  const month = Number(text.slice(2, 4));
  const century = month > 80 ? 1800 : 1900 + Math.floor(month / 20) * 100;
  const isBorn = isDay(Number(text.slice(4, 6)), month % 20) && hasBegun(century, text.slice(0, 2));
  return isBorn && isWeighed(text, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1], 10);
}

/** A Swiss AHV number: the check digit of EAN-13. */
export function isAhv(text: string): boolean {
  return isWeighed(text, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1], 10);
}

/** A Belgian national number: 97 minus the number modulo 97, with a 2 before it for who was born from 2000 on. */
export function isBelgian(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  const [number, check] = [digits.slice(0, 9), Number(digits.slice(9))];
  const isBorn = isDay(Number(digits.slice(4, 6)), Number(digits.slice(2, 4)) % 20);
  const numbers = hasBegun(2000, digits.slice(0, 2)) ? [number, `2${number}`] : [number];
  return digits.length === 11 && isBorn && numbers.some((one) => 97 - (Number(one) % 97) === check);
}

/** An Austrian social insurance number: the fourth digit is the weighted sum of the others modulo 11. */
export function isSvnr(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return (
    digits.length === 10 &&
    // months 13 to 15 are given when a day has no number left
    isDay(Number(digits.slice(4, 6)), Math.min(12, Number(digits.slice(6, 8)))) &&
    Number(digits.slice(6, 8)) <= 15 &&
    weighed(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === Number(digits[3])
  );
}

/** A Norwegian number: a day of birth (40 more for a D number) and two check digits by modulo 11. */
export function isNorwegian(text: string): boolean {
  return (
    isDay(Number(text.slice(0, 2)) % 40, Number(text.slice(2, 4)) % 40) &&
    isWeighed(text, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1], 11) &&
    isWeighed(text, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1], 11)
  );
}

/** A Finnish code: a day of birth, and the number modulo 31 as a character. */
export function isFinnish(text: string): boolean {
  const rest = Number(text.slice(0, 6) + text.slice(7, 10)) % 31;
  return isDay(Number(text.slice(0, 2)), Number(text.slice(2, 4))) && '0123456789ABCDEFHJKLMNPRSTUVWXY'[rest] === text.at(-1);
}

/** A Danish CPR number: a day of birth; its modulo 11 is given up since 2007. */
export function isDanish(text: string): boolean {
  return isDay(Number(text.slice(0, 2)), Number(text.slice(2, 4)));
}

/** A Swedish number: a day of birth (60 more for a coordination number) and Luhn over the last ten digits. */
export function isSwedish(text: string): boolean {
  const digits = text.replace(/\D/g, '').slice(-10);
  return isDay(Number(digits.slice(4, 6)) % 60, Number(digits.slice(2, 4))) && isLuhn(digits);
}

/** A Portuguese tax number: the last digit by modulo 11. */
export function isNif(text: string): boolean {
  return isElevenDigit(text.replace(/\D/g, ''), from(9, 8));
}

/** An Irish PPS number: its letter is the weighted sum modulo 23, the second letter weighed with nine. */
export function isPps(text: string): boolean {
  const compact = text.toUpperCase().replace(/[^0-9A-W]/g, '');
  const second = compact[8] === undefined || compact[8] === 'W' ? 0 : compact.charCodeAt(8) - 64;
  return 'WABCDEFGHIJKLMNOPQRSTUV'[(weighed(compact.slice(0, 7), from(8, 7)) + second * 9) % 23] === compact[7];
}

/** An Australian tax file number. */
export function isTfn(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return digits.length === 9 && !isSame(digits) && isWeighed(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10], 11);
}

/** An Australian Medicare number: the ninth digit is the weighted sum modulo 10. */
export function isMedicare(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return /^[2-6]/.test(digits) && weighed(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8]);
}

/** A British NHS number: the last digit by modulo 11. */
export function isNhs(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return !isSame(digits) && isWeighed(digits, from(10, 10), 11);
}

/** A German pension insurance number: the cross sums of the weighted digits, the letter as two of them, modulo 10. */
export function isRentennummer(text: string): boolean {
  const compact = text.replace(/ /g, '');
  const letter = String(compact.charCodeAt(8) - 64).padStart(2, '0');
  const products = [...compact.slice(0, 8), ...letter, ...compact.slice(9, 11)].map(
    (digit, at) => Number(digit) * ([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1][at] ?? 0),
  );
  const total = products.reduce((sum, one) => sum + Math.floor(one / 10) + (one % 10), 0);
  return isDay(Number(compact.slice(2, 4)) % 50, Number(compact.slice(4, 6))) && total % 10 === Number(compact[11]);
}

/** A Chinese resident number: ISO 7064 MOD 11-2 over a day of birth. */
export function isChinese(text: string): boolean {
  const total = weighed(text.slice(0, 17), [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return isDay(Number(text.slice(12, 14)), Number(text.slice(10, 12))) && '10X98765432'[total % 11] === text.at(-1)?.toUpperCase();
}

/**
 * A Czech or Slovak birth number: a day of birth (50 more in a woman's month, 20 more in both since 2004), and all of it modulo 11 is 0.
 * Until 1985 a check digit of 10 was written as 0; until 1953 there was none, and three digits behind the day.
 */
export function isRodneCislo(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  const [year, month] = [Number(digits.slice(0, 2)), Number(digits.slice(2, 4))];
  const isMore = month % 50 > 20;
  if (!isDay(Number(digits.slice(4, 6)), (month % 50) % 20) || (isMore && (year < 4 || year > 53))) return false;
  if (digits.length === 9) return year < 54 && !isMore;
  if (year < 54 && !hasBegun(2000, digits.slice(0, 2))) return false;
  const rest = Number(digits.slice(0, 9)) % 11;
  return rest === Number(digits[9]) || (rest === 10 && digits[9] === '0' && year >= 54 && year < 86);
}

/** A Chilean RUT: the last character by modulo 11. */
export function isRut(text: string): boolean {
  const compact = text.replace(/[.-]/g, '').toUpperCase();
  const total = [...compact.slice(0, -1)].reverse().reduce((sum, digit, at) => sum + Number(digit) * (2 + (at % 6)), 0);
  return '0K987654321'[total % 11] === compact.at(-1);
}

const verhoeff = ['0123456789', '1576283094', '5803796142', '8916043527', '9453126870', '4286573901', '2793806415', '7046913258'];
const dihedral = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];

/** An Indian Aadhaar number: Verhoeff's check. */
export function isAadhaar(text: string): boolean {
  const digits = [...text.replace(/\D/g, '')].reverse();
  return digits.reduce((left, digit, at) => Number(dihedral[left]?.[Number(verhoeff[at % 8]?.[Number(digit)])]), 0) === 0;
}
