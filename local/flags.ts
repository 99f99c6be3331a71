import { InvalidArgumentError } from 'commander';

/** Reads how many accounts an organization has. */
export function readAccounts(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 2 || count > 50) throw new InvalidArgumentError('It must be a number from 2 to 50.');
  return count;
}

/** Reads the Regions of an organization. */
export function readRegions(text: string): readonly string[] {
  const regions = text.split(',');
  if (!regions.every((one) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(one)))
    throw new InvalidArgumentError('They must be Regions, such as us-east-1,eu-west-1.');
  return regions;
}
