/** The median of numbers, of which there is at least one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new RangeError('there is no median of nothing');
  return (low + high) / 2;
}

/** A number with so many significant decimals as a ratio wants: 0.412, 2.37. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
