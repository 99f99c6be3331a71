/** The same value, in which nothing can be changed any more: whoever tries throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key of Reflect.ownKeys(value)) frozen(Reflect.get(value, key));
  }
  return value;
}
