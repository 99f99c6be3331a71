import { costOf, type Item } from './prices.ts';

/** An item as a row: what it is, its units, and what it costs. */
export function row(item: Item): string[] {
  const units = item.units === 0 ? '' : `${amount(item.units)} ${item.unit}`;
  return [item.what, units, usd(costOf(item))];
}

/** Dollars, to the cent where there are any. */
export function usd(dollars: number): string {
  return dollars > 0 && dollars < 0.01
    ? dollars.toFixed(4)
    : dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** A number as people read it. */
export function amount(units: number): string {
  return units < 1 ? units.toFixed(3) : Math.round(units).toLocaleString('en-US');
}
