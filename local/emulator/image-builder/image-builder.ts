import { partitionOf } from '#shared/aws/partition.ts';
import { type HttpAnswer, jsonAnswer } from '../../http.ts';
import { compact, isObject, type JsonObject, listAt, parseJson, stringAt } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { Addition, Additions, Around } from '../gaps/addition.ts';
import { amazonsOwn } from './amazon.ts';
import { Builds } from './builds.ts';
import { checkOneOf, checkReferences, withText } from './inputs.ts';
import { type Kind, kinds } from './kinds.ts';
import { listed, ownerOf } from './lists.ts';
import { model, only, problemOf, shapeOf } from './model.ts';
import { invalid, Refusal } from './refusal.ts';
import { type Item, latestReferences, partsOf, Table, unknown } from './table.ts';

/** What tests turn. */
export interface ImageBuilderOptions {
  /** How long lists do not show what is new, in milliseconds; AWS takes up to two minutes. 0 where absent. */
  readonly listLag?: number | undefined;
  /** How long each state of a build lasts, in milliseconds. */
  readonly stepMs?: number | undefined;
  now?(): number;
}

/** One call, its input checked against the model. */
interface Asked {
  readonly call: AwsCall;
  readonly around: Around;
  readonly input: JsonObject;
  /** The value of the member that the operation is about: the first that it requires. */
  readonly arn: string;
}

type Handler = (asked: Asked) => JsonObject | Promise<JsonObject>;

/**
 * EC2 Image Builder, which moto does not have: its configurations, components, recipes, pipelines, images, policies and tags, and
 * builds that make images in EC2. Requests and answers have the members of AWS's own model. It leaves out lifecycle policies,
 * workflows, scans, imports and the Marketplace, and does nothing with a schedule, a launch template or an export.
 *
 * `base` is what answers the calls of EC2 that a build makes.
 */
export function imageBuilder(base: Additions, { listLag = 0, stepMs = 250, now = Date.now }: ImageBuilderOptions = {}): Additions {
  const table = new Table();
  const builds = new Builds({ base, table, stepMs, now });
  const iso = (): string => new Date(now()).toISOString();

  /** Makes Amazon's own of a Region known before anything is looked up in it. */
  const at = (region: string): Table => {
    for (const item of amazonsOwn(region)) if (table.find(item.arn) === undefined) table.add(item);
    return table;
  };

  const create =
    (noun: string): Handler =>
    async ({ call, around, input }) => {
      const kind = kindOf(noun);
      const { clientToken: _, dryRun, semanticVersion, tags = {}, ...given } = input;
      checkOneOf(given, kind);
      const sent = await withText(given, call, around);
      checkReferences(at(call.region), sent);
      const content = kind.shown(sent, call.account);
      const name = stringAt(input, 'name') ?? '';
      const resource = arnOf(call, kind.type, name);
      const version = typeof semanticVersion === 'string' ? table.nextVersion(resource, semanticVersion) : undefined;
      const arn = version === undefined ? resource : kind.isBuilt ? table.nextBuild(resource, version) : `${resource}/${version}`;
      // https://github.com/ministryofjustice/modernisation-platform-ami-builds/pull/549 has these words
      if (table.find(arn) !== undefined)
        throw new Refusal('ResourceAlreadyExistsException', `The following resource '${noun}' already exists: '${arn}'.`);
      if (dryRun === true) throw new Refusal('DryRunOperationException', 'The dry run operation was successful.');
      table.add({
        arn,
        type: kind.type,
        at: now(),
        content: { ...content, ...(version !== undefined && { version }), arn, tags, dateCreated: iso() },
      });
      return made(noun, arn);
    };

  const update =
    (noun: string): Handler =>
    ({ call, input, arn }) => {
      const item = owned(at(call.region), arn);
      const { clientToken: _, [`${lower(noun)}Arn`]: __, ...sent } = input;
      checkOneOf(sent, kindOf(noun));
      checkReferences(table, sent);
      const { name, tags, dateCreated, dateLastRun, lastRunStatus } = item.content;
      // what is not sent is gone
      const kept = compact({ arn: item.arn, name, tags, dateCreated, dateLastRun, lastRunStatus });
      item.content = { ...kept, ...kindOf(noun).shown(sent, call.account), dateUpdated: iso() };
      return made(noun, item.arn);
    };

  const read =
    (noun: string): Handler =>
    async ({ call, around, arn }) => {
      const item = at(call.region).get(arn);
      if (item.type === 'image') await builds.fill(item, call, around);
      return { [lower(noun)]: only(noun, item.content), latestVersionReferences: latestReferences(item.arn) };
    };

  const remove =
    (noun: string): Handler =>
    ({ call, arn }) => {
      const item = owned(at(call.region), arn);
      if (table.isUsed(item, call.region)) {
        // https://github.com/pulumi/pulumi/issues/6919 has these words
        const message = `Resource dependency error: The resource ARN '${arn}' has other resources depended on it.`;
        throw new Refusal('ResourceDependencyException', message);
      }
      table.delete(item.arn);
      return made(noun, item.arn);
    };

  const putPolicy: Handler = ({ call, input, arn }) => {
    const item = owned(at(call.region), arn);
    const policy = stringAt(input, 'policy') ?? '';
    if (!isObject(parseJson(policy))) throw invalid('policy', 'The policy is not valid JSON.');
    item.policy = policy;
    return input;
  };
  const getPolicy: Handler = ({ call, arn }) => {
    const { policy } = owned(at(call.region), arn);
    // [U] the text
    if (policy === undefined) throw new Refusal('ResourceNotFoundException', `There is no policy of '${arn}'.`);
    return { policy };
  };
  const setTags =
    (change: (tags: JsonObject, input: JsonObject) => JsonObject): Handler =>
    ({ call, input, arn }) => {
      const item = owned(at(call.region), arn);
      const { tags } = item.content;
      item.content = { ...item.content, tags: change(isObject(tags) ? tags : {}, input) };
      return {};
    };

  const special: { readonly [name: string]: Handler } = {
    CreateImage: ({ call, around, input }) => {
      checkOneOf(input, kindOf('Image'));
      checkReferences(at(call.region), input);
      return made('Image', builds.start(input, call, around));
    },
    StartImagePipelineExecution: ({ call, around, input, arn }) => {
      const { tags } = input;
      return { imageBuildVersionArn: builds.run(owned(at(call.region), arn), isObject(tags) ? tags : {}, call, around) };
    },
    CancelImageCreation: ({ call, arn }) => {
      builds.cancel(owned(at(call.region), arn));
      return { imageBuildVersionArn: arn };
    },
    TagResource: setTags((tags, { tags: added }) => ({ ...tags, ...(isObject(added) ? added : {}) })),
    UntagResource: setTags((tags, { tagKeys }) =>
      Object.fromEntries(Object.entries(tags).filter(([key]) => !listAt(tagKeys).includes(key))),
    ),
    ListTagsForResource: ({ call, arn }) => ({ tags: owned(at(call.region), arn).content['tags'] ?? {} }),
  };

  function handlerOf(name: string): Handler {
    const own = special[name];
    if (own) return own;
    if (name.startsWith('List')) return ({ call, input }) => listed(name, input, at(call.region), call.region, now() - listLag);
    if (name.endsWith('Policy')) return name.startsWith('Put') ? putPolicy : getPolicy;
    const [, verb = '', noun = ''] = /^(Create|Get|Update|Delete)(\w+)$/.exec(name) ?? [];
    const make = { Create: create, Get: read, Update: update, Delete: remove }[verb];
    if (!make) throw new Error(`nothing answers ${name}`);
    return make(noun);
  }

  return Object.fromEntries(Object.keys(model.operations).map((name) => [`imagebuilder:${name}`, checked(name, handlerOf(name))]));
}

/** Lets a handler answer what is well formed, with the members of the operation's output. */
function checked(name: string, handle: Handler): Addition {
  const { input = '', output = '' } = model.operations[name] ?? {};
  const [about = ''] = shapeOf(input).required ?? [];
  return async (call, around) => {
    try {
      const problem = problemOf(input, call.json);
      // [U] the code of what is missing
      if (problem !== undefined) throw new Refusal('InvalidParameterValueException', problem);
      const arn = stringAt(call.json, about) ?? '';
      if (arn.startsWith('arn:') && partsOf(arn).region !== call.region) throw unknown(arn);
      const asked = { call, around, input: call.json, arn };
      const { clientToken = null } = call.json;
      const answer = { requestId: around.requestId, ...(clientToken !== null && { clientToken }), ...(await handle(asked)) };
      return jsonAnswer(only(output, answer));
    } catch (cause) {
      if (cause instanceof Refusal) return refused(call, cause, around.requestId);
      throw cause;
    }
  };
}

function refused(call: AwsCall, { code, message }: Refusal, requestId: string): HttpAnswer {
  return errorAnswer(call, { code, message, status: shapeOf(code).error?.httpStatusCode ?? 400 }, requestId);
}

function kindOf(noun: string): Kind {
  const kind = kinds[noun];
  if (!kind) throw new Error(`Image Builder has no ${noun}`);
  return kind;
}

function lower(noun: string): string {
  return noun.charAt(0).toLowerCase() + noun.slice(1);
}

/** What an answer says of something that was made, changed or removed. */
function made(noun: string, arn: string): JsonObject {
  const { build } = partsOf(arn);
  return { [`${lower(noun)}${build === undefined ? '' : 'BuildVersion'}Arn`]: arn, latestVersionReferences: latestReferences(arn) };
}

/** Something of the account's own: nobody changes Amazon's. */
function owned(table: Table, arn: string): Item {
  const item = table.get(arn);
  if (ownerOf(item) === 'Self') return item;
  throw new Refusal('ForbiddenException', `You are not authorized to perform the requested operation on ${arn}.`);
}

/** ARNs have names in small letters. */
function arnOf({ account, region }: AwsCall, type: string, name: string): string {
  return `arn:${partitionOf(region)}:imagebuilder:${region}:${account}:${type}/${name.toLowerCase().replaceAll(' ', '-')}`;
}
