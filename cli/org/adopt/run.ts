import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { functionOf } from '#shared/finding/names.ts';
import { membersOf } from '#shared/finding/organization.ts';
import { plain } from '#shared/finding/text.ts';
import { bodyOf } from '#shared/ledger/dynamo.ts';
import { adoptedKey, type NamedPlace } from '#shared/ledger/items.ts';
import type { Move } from '#shared/ledger/relocate.ts';
import { discoverFunctions } from '../../../infra/catalog.ts';
import { callerIdentity, type Deployment, findDeployment } from '../../deployment.ts';
import { Failure, trying } from '../../failure.ts';
import type { Session } from '../../session.ts';
import { hubConfig } from '../hub-config.ts';
import type { Keep } from './move.ts';
import { findSource, type Source, type SourceOptions, type Table, tableOf } from './source.ts';
import type { Patience } from './standstill.ts';

/** What `redress org adopt` takes. */
export interface AdoptOptions extends SourceOptions {
  readonly config?: string;
  readonly keep?: Keep;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  /** In seconds. */
  readonly timeout: number;
}

/** That a place was adopted, as the hub's ledger keeps it. */
export interface Adopted {
  readonly from: string;
  readonly by: string;
  readonly at: string;
}

/** What one run is about. */
export interface Run {
  readonly session: Session;
  readonly options: AdoptOptions;
  readonly deployment: Deployment;
  readonly hub: Table;
  readonly source: Source;
  readonly move: Move;
  readonly by: string;
}

/** Reads ACCOUNT/REGION; throws `Failure` for anything else. */
export function placeIn(text: string): NamedPlace {
  const [, account, region] = /^(\d{12})\/([a-z]+(?:-[a-z]+)+-\d+)$/.exec(text) ?? [];
  if (account && region) return { account, region };
  throw new Failure(`${plain(text)} is no account and Region.`, {
    next: 'Name them as ACCOUNT/REGION, such as 444455556666/eu-west-1.',
    exitCode: 2,
  });
}

/** Refuses a place that the hub would not serve: its cases would be nobody's. */
export async function checkListed(place: NamedPlace, file: string | undefined): Promise<void> {
  const { organization } = await hubConfig(file);
  const member = membersOf(organization).find(({ account }) => account === place.account);
  if (member?.regions.includes(place.region)) return;
  throw new Failure(`The config does not list ${nameOf(place)}, so the hub would not serve it.`, {
    next: 'List the account, and the Region of its OU, under `organization`, and deploy the hub; then run it again.',
    exitCode: 2,
  });
}

/** Finds the hub and what it adopts; throws `Failure` where either is not what it should be. */
export async function runOf(session: Session, options: AdoptOptions, place: NamedPlace): Promise<Run> {
  const [deployment, source, { arn }, functions] = await Promise.all([
    findDeployment(session.where),
    findSource(place, options),
    callerIdentity(session.where),
    discoverFunctions(),
  ]);
  if (!deployment.isHub)
    throw new Failure(`The stack ${deployment.stack} in ${nameOf(deployment.place)} is no hub.`, {
      next: 'Name the hub with --profile, --region and --stack.',
      exitCode: 2,
    });
  const names = new Map(functions.flatMap(({ id, controls }) => controls.map((control) => [control.id, functionOf(id)] as const)));
  const move: Move = { from: place, hub: deployment.place, functionFor: (control) => names.get(control) };
  return { session, options, deployment, hub: tableOf(deployment), source, move, by: arn };
}

/** What the hub's ledger notes of an adoption of the same stack; undefined if there was none. */
export async function adoptedBefore({ hub, source, move }: Run): Promise<Adopted | undefined> {
  const { Item } = await trying("read the hub's ledger", () =>
    hub.client.send(new GetItemCommand({ TableName: hub.name, Key: adoptedKey(move.from), ConsistentRead: true })),
  );
  const note = bodyOf<Adopted>(Item);
  // another stack may have been made there since
  return note?.from === source.id ? note : undefined;
}

/** How long this run waits, from now. */
export function patienceOf({ session: { terminal }, options: { timeout } }: Run): Patience {
  return { terminal, until: Date.now() + timeout * 1000 };
}

/** A place in words. */
export function nameOf({ account, region }: NamedPlace): string {
  return `${account}/${region}`;
}
