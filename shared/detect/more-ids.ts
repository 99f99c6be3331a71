import { isLuhn } from './checks.ts';
import { isDay, weighed } from './ids.ts';

/** A Singaporean NRIC or FIN: the letter by modulo 11, of a row of letters that its first letter chooses. */
export function isFin(text: string): boolean {
  const first = text[0] ?? '';
  const sum = weighed(text, [2, 7, 6, 5, 4, 3, 2]) + (/[TG]/.test(first) ? 4 : first === 'M' ? 3 : 0);
  const row = /[ST]/.test(first) ? 'JZIHGFEDCBA' : first === 'M' ? 'XWUTRQPNJLK' : 'XWUTRQPNMLK';
  return row[sum % 11] === text.at(-1);
}

/** A South African number: a day of birth, and Luhn. */
export function isSouthAfrican(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return isDay(Number(digits.slice(4, 6)), Number(digits.slice(2, 4))) && isLuhn(digits);
}

/** A Turkish number: the tenth digit of the odd and even places, the eleventh of the sum of the ten. */
export function isTurkish(text: string): boolean {
  const tenth = weighed(text, [7, 9, 7, 9, 7, 9, 7, 9, 7]) % 10;
  return tenth === Number(text[9]) && weighed(text, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]) % 10 === Number(text[10]);
}

/** A Korean number: a day of birth, and the check digit by modulo 11 (numbers given since October 2020 have none, and are left). */
export function isKorean(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  const check = (11 - (weighed(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10;
  return isDay(Number(digits.slice(4, 6)), Number(digits.slice(2, 4))) && check === Number(digits[12]);
}

/** A Thai number: the last digit by modulo 11. */
export function isThai(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return (11 - (weighed(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === Number(digits[12]);
}
