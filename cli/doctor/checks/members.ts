import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { hearsItself } from '#shared/control/own.ts';
import { functionOf, LEDGER } from '#shared/finding/names.ts';
import { hubOf, membersOf } from '#shared/finding/organization.ts';
import { getAll } from '#shared/ledger/dynamo.ts';
import { keysOfMember, placeKey } from '#shared/ledger/items.ts';
import { isOn } from '../../../infra/permissions.ts';
import { trying } from '../../failure.ts';
import { answer, type Check, other } from '../check.ts';

/** So many places are named. */
const MOST_NAMED = 10;

/** Whether a hub sweeps all its members: it leaves out those whose rules it has not heard of. */
export const members: Check = {
  id: 'members',
  asks: 'Has every member of a hub said that its rules are deployed?',
  needs: ['dynamodb:BatchGetItem'],
  async look({ config, functions, deployment, client }) {
    const { organization } = config;
    if (!organization || hubOf(config) === undefined) return other('none', 'This stack is no hub.');
    // the word of a member reaches all functions that look there, and one of them is asked
    const fn = functions.find(({ controls }) => controls.some((control) => isOn(config, control) && !hearsItself(control)));
    if (!fn) return other('none', 'No control looks at members.');
    const places = membersOf(organization)
      .flatMap(({ account, regions }) => regions.map((region) => ({ account, region })))
      .filter((place) => placeKey(place) !== placeKey(deployment.place));
    const keyOf = (place: (typeof places)[number]) => keysOfMember(place, functionOf(fn.id)).served();
    const table = deployment.outputs.get('LedgerTable') ?? LEDGER;
    const found = await trying('read the ledger', () => getAll(new DynamoDBClient(client), table, places.map(keyOf)));
    const served = new Set(found.map(({ pk }) => pk?.S));
    const silent = places.filter((place) => !served.has(keyOf(place)['pk']?.S)).map(({ account, region }) => `${account}/${region}`);
    const more = silent.length > MOST_NAMED ? ` and ${silent.length - MOST_NAMED} more` : '';
    const problem = {
      says: `${silent.length} of ${places.length} members' Regions have not said that their rules are deployed, so no sweep looks there: ${silent.slice(0, MOST_NAMED).join(', ')}${more}.`,
      next: 'Deploy them with `redress org deploy`; `redress doctor --org` says why one fails. If a standalone stack of Redress runs there, `redress org adopt` moves it. Where the rules are deployed, delete that stack and deploy it again.',
    };
    return answer(
      `All ${places.length} members' Regions have said that their rules are deployed.`,
      silent.length > 0 ? [problem] : [],
      silent,
    );
  },
};
