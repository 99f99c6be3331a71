import { describe, expect, test } from 'vitest';
import { isCard, isCodiceFiscale, isDni, isIban, isLuhn, isNir, isRestOne, isSteuerId } from './checks.ts';
import * as ids from './ids.ts';
import { detectInValue } from './index.ts';
import * as more from './more-ids.ts';

const detectors = (value: string): readonly string[] => detectInValue(value).map(({ detector }) => detector);

// The numbers are the examples of the offices that give them, or those of specifications and of tests of cards.
describe('a check tells a number from one that is like it', () => {
  test.each([
    ['Luhn', isLuhn, '4242424242424242', '4242424242424241'],
    ['a card', isCard, '4242 4242 4242 4242', '1242 4242 4242 4242'],
    ['a BSN', ids.isBsn, '123456782', '123456783'],
    ['a Steuer-ID', isSteuerId, '65929970489', '65929970488'],
    ['a Steuer-ID with too many repeats', isSteuerId, '86095742719', '11111111111'],
    ['a NIR', isNir, '1 85 05 78 006 084 91', '1 85 05 78 006 084 92'],
    ['a DNI', isDni, '12345678Z', '12345678A'],
    ['an NIE', isDni, 'Y5213048C', 'Y5213048L'],
    ['a codice fiscale', isCodiceFiscale, 'MRTMTT91D08F205J', 'MRTMTT91D08F205K'],
    ['an IBAN', isIban, 'NL91 ABNA 0417 1643 00', 'NL92 ABNA 0417 1643 00'],
    ['a CPF', ids.isCpf, '111.444.777-35', '111.444.777-36'],
    ['a CPF of one digit', ids.isCpf, '11144477735', '11111111111'],
    ['a PESEL', ids.isPesel, '44051401359', '44051401358'],
    ['an AHV number', ids.isAhv, '756.9217.0769.85', '756.9217.0769.84'],
    ['a Belgian number', ids.isBelgian, '85.07.30-033.28', '85.07.30-033.29'],
    ['an Austrian number', ids.isSvnr, '1237 010180', '1238 010180'],
    ['a Norwegian number', ids.isNorwegian, '15108695088', '15108695089'],
    ['a Finnish code', ids.isFinnish, '131052-308T', '131052-308U'],
    ['a Danish number', ids.isDanish, '070761-4285', '071361-4285'],
    ['a Swedish number', ids.isSwedish, '19811228-9874', '19811228-9875'],
    ['a Portuguese number', ids.isNif, '123456789', '123456780'],
    ['a PPS number', ids.isPps, '1234567T', '1234567U'],
    ['a PPS number of two letters', ids.isPps, '1234567FA', '1234567GA'],
    ['a tax file number', ids.isTfn, '876 543 210', '876 543 211'],
    ['a Medicare number', ids.isMedicare, '2123 45670 1', '2123 45671 1'],
    ['an NHS number', ids.isNhs, '943 476 5919', '943 476 5918'],
    ['a pension number', ids.isRentennummer, '65 170839 J 003', '65 170839 J 004'],
    ['a Chinese number', ids.isChinese, '11010519491231002X', '110105194912310021'],
    ['a Czech number', ids.isRodneCislo, '736028/5163', '736028/5164'],
    ['a Czech number of before 1985, whose check digit would be 10', ids.isRodneCislo, '780123/0020', '860123/0100'],
    ['a Czech number of before 1954, without a check digit', ids.isRodneCislo, '530101123', '540101123'],
    ['a Czech number with 20 more in its month, as since 2004', ids.isRodneCislo, '0421010007', '9821010001'],
    ['a Czech number whose year has come', ids.isRodneCislo, '736028/5163', '5301010000'],
    ['a PESEL of this century', ids.isPesel, '02270800003', '02470800009'],
    ['a PESEL of a day that there is', ids.isPesel, '44051401359', '44053200000'],
    ['a Belgian number of a year that has come', ids.isBelgian, '17073000020', '63110437264'],
    ['an Austrian number of a month that there is', ids.isSvnr, '1237010180', '1002011680'],
    ['a CURP', more.isCurp, 'BOXW310820HNERXN09', 'BOXW310820HNERXN08'],
    ['a CURP of a state', more.isCurp, 'BOXW310820HNERXN09', 'BOXW310820HXXRXN02'],
    ['a CURP of a day', more.isCurp, 'BOXW310820HNERXN09', 'BOXW310832HNERXN01'],
    ['a Korean number', more.isKorean, '960121-1111118', '960121-1111119'],
    ['a Korean number of a year that has come', more.isKorean, '971013-1000000', '991226-3000006'],
    ['an IBAN of a country that is not in the registry', isIban, 'DZ580002100001113000000570', 'DZ580002100001113000000571'],
    ['a RUT', ids.isRut, '12.345.678-5', '12.345.678-6'],
    ['an Aadhaar number', ids.isAadhaar, '2341 2341 2346', '2341 2341 2347'],
    ['an identifier of a legal entity', isRestOne, '5493001KJTIIGC8Y1R12', '5493001KJTIIGC8Y1R13'],
    ['an IBAN, which has its country’s length', isIban, 'FR1420041010050500013M02606', 'FR1420041010050500013M026060'],
    ['a Maestro card', isCard, '6759649826438453', '6759649826438454'],
    ['a UnionPay card', isCard, '6200000000000005', '6200000000000006'],
    ['a Diners Club card', isCard, '30569309025904', '31569309025904'],
    ['a JCB card', isCard, '3566002020360505', '3466002020360505'],
  ])('%s', (_, check, right, wrong) => {
    expect(check(right)).toBe(true);
    expect(check(wrong)).toBe(false);
  });
});

describe('a number whose form says little needs its word beside it', () => {
  test.each([
    ['nl-bsn', 'BSN 111222333', '111222333'],
    ['pl-pesel', 'PESEL 44051401359', '44051401359'],
    ['at-svnr', 'SVNR 1237010180', '1237010180'],
    ['uk-nhs', 'NHS No: 943 476 5919', '943 476 5919'],
    ['se-personnummer', 'personnummer 811228-9874', '811228-9874'],
    ['dk-cpr', 'CPR 070761-4285', '070761-4285'],
    ['pt-nif', 'NIF 123456789', '123456789'],
    ['br-cpf', 'CPF 11144477735', '11144477735'],
    ['ie-pps', 'PPS 1234567T', '1234567T'],
    ['au-tfn', 'TFN 876 543 210', '876 543 210'],
    ['au-medicare', 'Medicare 2123 45670 1', '2123 45670 1'],
    ['in-aadhaar', 'Aadhaar 2341 2341 2346', '2341 2341 2346'],
    ['us-ssn', 'SSN 219099998', '219099998'],
    ['passport', 'passport no: X1234567', 'X1234567'],
    ['date-of-birth', 'DOB: 1984-02-29', '1984-02-29'],
    ['phone-number', 'phone (212) 555-0187', '212-555-0187'],
    ['phone-number', 'mobile: 07911 123456', '07911 123456'],
    ['in-pan', 'PAN ABCND1234Z', 'ABCND1234Z'],
    ['kr-rrn', 'RRN 9601211111118', '9601211111118'],
    ['cz-sk-birth-number', 'Rodné číslo 7360285163', '7360285163'],
  ])('%s', (detector, named, bare) => {
    expect(detectors(named)).toEqual([detector]);
    expect(detectors(bare)).toEqual([]);
  });
});

test.each([
  ['us-ssn', '219 09 9999', '219 9 09999'],
  ['us-itin', '912 72 1234', '912 72-1234'],
  ['in-pan', 'ABCPD1234Z', 'ABCPD12345'],
])('%s is %s, and not %s', (detector, value, other) => {
  expect(detectors(value)).toEqual([detector]);
  expect(detectors(other)).toEqual([]);
});

test('a day is one of the calendar, of a leap year', () => {
  const days = Array.from({ length: 32 }, (_, day) => Array.from({ length: 14 }, (_, month) => ids.isDay(day, month)));
  expect(days.flat().filter(Boolean)).toHaveLength(366);
});

test('nobody is born in a year to come', () => {
  expect(ids.hasBegun(1900, '99')).toBe(true);
  expect(ids.hasBegun(2000, String(new Date().getUTCFullYear() % 100).padStart(2, '0'))).toBe(true);
  expect(ids.hasBegun(2000, '99')).toBe(false);
});

test.each([
  'build-20261125-0830',
  '+40.6894-074.0447/',
  '2026-11-25T10:00:00+0200',
  '490154203237518',
  '89014103211118510720',
  'platform-alerts@corp.example.com',
  'sk-ssh-ed25519@openssh.com',
])('%s is nobody’s number or address', (value) => {
  expect(detectInValue(value)).toEqual([]);
});
