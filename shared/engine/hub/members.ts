import * as v from 'valibot';
import { partitionOf } from '#shared/aws/partition.ts';
import type { Place } from '#shared/control/control.ts';
import { type NamedPlace, placeKey } from '#shared/ledger/items.ts';

const membersSchema = v.array(
  v.strictObject({
    account: v.pipe(v.string(), v.regex(/^\d{12}$/, 'is not an account id')),
    regions: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'is not a Region'))), v.minLength(1)),
  }),
);

/** The accounts that a hub serves, each with its Regions. */
export type Members = v.InferOutput<typeof membersSchema>;

/** Reads a list of members; throws for one that cannot be used, for nobody must be served by mistake. */
export function parseMembers(json: string): Members {
  return v.parse(v.pipe(v.string(), v.parseJson(), membersSchema), json);
}

/** The place that a message names, if the hub serves it: its own, or a member's. */
export function servedBy(members: Members, own: Place): (named: NamedPlace | undefined) => Place | undefined {
  const places = new Map<string, Place>();
  for (const { account, regions } of members) {
    for (const region of regions) {
      const place: Place = { account, region, partition: partitionOf(region), isMember: true };
      if (places.has(placeKey(place))) throw new TypeError(`the members name ${account} in ${region} twice`);
      // a role of another partition cannot be assumed
      if (place.partition !== own.partition) throw new TypeError(`${region} is not of the partition ${own.partition}, as the hub is`);
      places.set(placeKey(place), place);
    }
  }
  return (named = own) => (placeKey(named) === placeKey(own) ? own : places.get(placeKey(named)));
}
