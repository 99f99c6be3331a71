import { randomUUID } from 'node:crypto';
import { at, type JsonObject, listAt, stringAt } from '../../json.ts';
import { filterIn, ousIn, page, regionsIn, settingsIn, templateIn, toleranceIn } from './input.ts';
import { Operations, type Place } from './operations.ts';
import { described, type Instance, type StackSet, summaryOf, type Target } from './parts.ts';
import { StackSetError } from './stack-set-error.ts';

/** A stack of a StackSet, as it is to be made. */
export interface WantedStack extends Place {
  /** The name of the StackSet. */
  readonly set: string;
  readonly template: JsonObject;
  readonly parameters: { readonly [name: string]: string };
}

/** What makes and deletes stacks in accounts; each answers why it cannot, in the words of AWS, or else nothing. */
export interface Deployer {
  create(stack: WantedStack): Promise<{ readonly stackId: string } | { readonly reason: string }>;
  delete(stackId: string): Promise<string | undefined>;
}

/** Where StackSets stand, and whom they reach. */
export interface StackSetsOptions {
  readonly region: string;
  /** The management account, in which AWS keeps them. */
  readonly management: string;
  /** The accounts in an OU and in those within it; undefined where there is no such OU. */
  readonly accountsIn: (ou: string) => readonly string[] | undefined;
  readonly deployer: Deployer;
}

const keyOf = ({ account, region }: Place): string => `${account} ${region}`;

/** The service-managed StackSets of one Region: operations take a while, all accounts and Regions at once, and one does not stop the others. */
export class StackSets {
  readonly #options: StackSetsOptions;
  readonly #sets = new Map<string, StackSet>();

  constructor(options: StackSetsOptions) {
    this.#options = options;
  }

  /** Answers a call; throws `StackSetError` for what AWS would refuse. */
  answer(action: string, input: JsonObject): JsonObject {
    switch (action) {
      case 'DescribeOrganizationsAccess':
        return { Status: 'ENABLED' };
      case 'CreateStackSet':
        return this.#create(input);
      case 'UpdateStackSet':
        return this.#update(this.#set(input), input);
      case 'DescribeStackSet':
        return { StackSet: described(this.#set(input)) };
      case 'DeleteStackSet':
        return this.#delete(this.#set(input));
      case 'CreateStackInstances':
        return this.#createInstances(this.#set(input), input);
      case 'DeleteStackInstances':
        return this.#deleteInstances(this.#set(input), input);
      case 'ListStackInstances':
        return page([...this.#set(input).instances.values()].map(summaryOf), input);
      case 'ListStackSetAutoDeploymentTargets':
        return page(
          [...this.#set(input).targets].map(([OrganizationalUnitId, regions]) => ({ OrganizationalUnitId, Regions: [...regions] })),
          input,
        );
      case 'ListStackSetOperations':
        return page(this.#set(input).operations.list(), input);
      case 'DescribeStackSetOperation':
        return { StackSetOperation: this.#set(input).operations.describe(stringAt(input, 'OperationId')) };
      case 'ListStackSetOperationResults':
        return page(this.#set(input).operations.results(stringAt(input, 'OperationId')), input);
      default:
        throw new StackSetError('InvalidAction', `Could not find operation ${action} in the local cloud's StackSets.`);
    }
  }

  /** An account has come into some OUs, one within the other: it gets the stacks of all sets that deploy to them automatically. */
  async joins(account: string, ous: readonly string[]): Promise<void> {
    const deployed = new Map<string, Promise<boolean>>();
    const once = (arn: string): Promise<boolean> => {
      const known = deployed.get(arn) ?? deploy([...this.#sets.values()].find((set) => set.arn === arn));
      deployed.set(arn, known);
      return known;
    };
    // what a set depends on comes first, and has to go well:
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_AutoDeployment.html
    const deploy = async (set: StackSet | undefined): Promise<boolean> => {
      if (!set || String(at(set.settings, 'AutoDeployment', 'Enabled')) !== 'true') return true;
      for (const arn of listAt(set.settings, 'AutoDeployment', 'DependsOn')) if (!(await once(String(arn)))) return false;
      const places = ous.flatMap((ou) => [...(set.targets.get(ou) ?? [])].map((region) => ({ account, region, ou })));
      await set.operations.idle();
      await set.operations.begin({
        id: randomUUID(),
        action: 'CREATE',
        places,
        work: (place, operation) => this.#brought(set, place, operation),
      });
      return places.every((place) => set.instances.get(keyOf(place))?.detail === 'SUCCEEDED');
    };
    await Promise.all([...this.#sets.values()].map(({ arn }) => once(arn)));
  }

  /** An account has left: its stacks are deleted, unless a set says that they stay. */
  async leaves(account: string): Promise<void> {
    for (const set of this.#sets.values()) {
      const places = [...set.instances.values()].filter((one) => one.account === account);
      const isRetained = String(at(set.settings, 'AutoDeployment', 'RetainStacksOnAccountRemoval')) === 'true';
      await set.operations.idle();
      await set.operations.begin({
        id: randomUUID(),
        action: 'DELETE',
        places,
        work: (place) => this.#removed(set, place, isRetained),
      });
    }
  }

  #set(input: JsonObject): StackSet {
    const name = stringAt(input, 'StackSetName') ?? '';
    const set = this.#sets.get(name) ?? [...this.#sets.values()].find(({ id }) => id === name);
    if (set) return set;
    throw new StackSetError('StackSetNotFoundException', `StackSet ${name} not found`, 404);
  }

  #create(input: JsonObject): JsonObject {
    const name = stringAt(input, 'StackSetName') ?? '';
    if (stringAt(input, 'PermissionModel') !== 'SERVICE_MANAGED')
      throw new StackSetError('ValidationError', 'The StackSets of a local organization have the permission model SERVICE_MANAGED.');
    if (this.#sets.has(name)) throw new StackSetError('NameAlreadyExistsException', `The name ${name} is already used.`, 409);
    const template = templateIn(input);
    const id = `${name}:${randomUUID()}`;
    const { region, management } = this.#options;
    const arn = `arn:aws:cloudformation:${region}:${management}:stackset/${id}`;
    const settings = settingsIn(input);
    this.#sets.set(name, { name, id, arn, settings, template, targets: new Map(), instances: new Map(), operations: new Operations() });
    return { StackSetId: id };
  }

  #update(set: StackSet, input: JsonObject): JsonObject {
    set.operations.check(stringAt(input, 'OperationId'));
    set.template = templateIn(input);
    set.settings = { ...set.settings, ...settingsIn(input) };
    const places = [...set.instances.values()].filter(({ detail }) => detail !== 'INOPERABLE');
    for (const instance of places) instance.detail = 'PENDING';
    return begun(set, 'UPDATE', places, input, (place, operation) => this.#brought(set, place, operation));
  }

  #delete(set: StackSet): JsonObject {
    set.operations.check();
    if (set.instances.size > 0) throw new StackSetError('StackSetNotEmptyException', 'StackSet is not empty', 409);
    this.#sets.delete(set.name);
    return {};
  }

  #createInstances(set: StackSet, input: JsonObject): JsonObject {
    set.operations.check(stringAt(input, 'OperationId'));
    const places = this.#meant(input);
    for (const ou of ousIn(input)) set.targets.set(ou, new Set([...(set.targets.get(ou) ?? []), ...regionsIn(input)]));
    return begun(set, 'CREATE', places, input, (place, operation) => this.#brought(set, place, operation));
  }

  #deleteInstances(set: StackSet, input: JsonObject): JsonObject {
    set.operations.check(stringAt(input, 'OperationId'));
    const places = this.#meant(input).filter((place) => set.instances.has(keyOf(place)));
    // with a filter the OU is still deployed to
    if (filterIn(input) === 'NONE')
      for (const ou of ousIn(input)) {
        for (const region of regionsIn(input)) set.targets.get(ou)?.delete(region);
        if (set.targets.get(ou)?.size === 0) set.targets.delete(ou);
      }
    const isRetained = String(at(input, 'RetainStacks')) === 'true';
    return begun(set, 'DELETE', places, input, (place) => this.#removed(set, place, isRetained));
  }

  /** The places that a call is about. */
  #meant(input: JsonObject): Target[] {
    const accounts = listAt(input, 'DeploymentTargets', 'Accounts').map(String);
    const filter = filterIn(input);
    return ousIn(input).flatMap((ou) => {
      const within = this.#options.accountsIn(ou);
      if (!within) throw new StackSetError('ValidationError', `The organizational unit ${ou} does not exist in the organization.`);
      const isMeant = (account: string) => filter === 'NONE' || accounts.includes(account) === (filter === 'INTERSECTION');
      return within.filter(isMeant).flatMap((account) => regionsIn(input).map((region) => ({ account, region, ou })));
    });
  }

  /** Brings a stack to what its set is; what is so already is not touched. */
  async #brought(set: StackSet, place: Target, operation: string): Promise<string | undefined> {
    const { account, region, ou } = place;
    const fresh: Instance = { account, region, ou, detail: 'PENDING', reason: undefined, stackId: undefined, operation };
    const instance = set.instances.get(keyOf(place)) ?? fresh;
    instance.operation = operation;
    set.instances.set(keyOf(place), instance);
    if (instance.detail === 'SUCCEEDED') return undefined;
    instance.detail = 'RUNNING';
    const { deployer } = this.#options;
    // an update is a deletion and a creation here: nobody looks between them
    const left = instance.stackId && (await deployer.delete(instance.stackId));
    const parameters = Object.fromEntries(
      listAt(set.settings, 'Parameters').map((one) => [stringAt(one, 'ParameterKey') ?? '', stringAt(one, 'ParameterValue') ?? '']),
    );
    const made = left ? { reason: left } : await deployer.create({ account, region, set: set.name, template: set.template, parameters });
    instance.stackId = 'stackId' in made ? made.stackId : undefined;
    instance.reason = 'reason' in made ? made.reason : undefined;
    instance.detail = 'reason' in made ? 'FAILED' : 'SUCCEEDED';
    return instance.reason;
  }

  async #removed(set: StackSet, place: Place, isRetained: boolean): Promise<string | undefined> {
    const instance = set.instances.get(keyOf(place));
    const reason = instance?.stackId && !isRetained ? await this.#options.deployer.delete(instance.stackId) : undefined;
    if (instance && reason) Object.assign(instance, { detail: 'INOPERABLE', reason });
    else set.instances.delete(keyOf(place));
    return reason;
  }
}

/** Begins what a call asks for; it goes on after the answer. */
function begun<Where extends Place>(
  set: StackSet,
  action: string,
  places: readonly Where[],
  input: JsonObject,
  work: (place: Where, operation: string) => Promise<string | undefined>,
): JsonObject {
  const id = stringAt(input, 'OperationId') ?? randomUUID();
  void set.operations.begin({ id, action, places, work, isTooMany: toleranceIn(input) });
  return { OperationId: id };
}
