import { isLuhn } from './checks.ts';
import { hasBegun, isDay, weighed } from './ids.ts';

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
  const isBorn = isDay(Number(digits.slice(4, 6)), Number(digits.slice(2, 4)));
  // 3, 4, 7 and 8 are of people born from 2000 on
  return isBorn && hasBegun(/[3478]/.test(digits[6] ?? '') ? 2000 : 1900, digits.slice(0, 2)) && check === Number(digits[12]);
}

/** A Thai number: the last digit by modulo 11. */
export function isThai(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  return (11 - (weighed(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === Number(digits[12]);
}

/** The letters of Mexico's states, and of birth abroad. */
const states = new Set('AS BC BS CC CH CL CM CS DF DG GR GT HG JC MC MN MS NE NL NT OC PL QR QT SL SP SR TC TL TS VZ YN ZS'.split(' '));

/** A Mexican CURP: a day of birth, a state, and the last digit by the letters' places in the Spanish alphabet, modulo 10. */
export function isCurp(text: string): boolean {
  const places = '0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ';
  const total = [...text.slice(0, 17)].reduce((sum, sign, at) => sum + places.indexOf(sign) * (18 - at), 0);
  const isBorn = isDay(Number(text.slice(8, 10)), Number(text.slice(6, 8)));
  return isBorn && states.has(text.slice(11, 13)) && (10 - (total % 10)) % 10 === Number(text[17]);
}
