import type { HttpAnswer } from '../../http.ts';
import { at, compact, isObject, type Json, type JsonObject, listAt, stringAt } from '../../json.ts';
import { callerArn } from '../../trail/identity.ts';
import { nest } from '../../trail/styles.ts';
import { type AwsCall, withQuery } from '../aws-call.ts';
import { type AwsError, errorAnswer } from '../aws-error.ts';
import { ec2Answer, parseAnswer } from '../ec2-xml.ts';
import type { MotoClient } from '../moto-client.ts';
import type { Additions } from './addition.ts';
import { resolveImage } from './image-aliases.ts';
import { pageOf } from './paging.ts';

/** A version as it was asked for. */
interface Version {
  /** The parameters under `LaunchTemplateData.`, by their whole names. */
  readonly data: ReadonlyMap<string, string>;
  readonly createdBy: string;
}

const userData = 'LaunchTemplateData.UserData';
// So many that moto never cuts a list off: it has no tokens.
const everything = { MaxResults: '100000', NextToken: undefined };

/**
 * Launch templates as AWS has them: pages, the newest version first, a version that inherits from another, images
 * named by a parameter, the template's own tags apart from those of its instances, and errors that name what is missing.
 */
export function launchTemplates(): Additions {
  const versions = new Map<string, Version>();

  /** What moto says of a version, with what it does not keep. */
  function whole(version: Json): JsonObject {
    const object = isObject(version) ? version : {};
    const kept = versions.get(key(object));
    const text = kept?.data.get(userData);
    const data = at(object, 'launchTemplateData');
    return {
      ...object,
      ...compact({ createdBy: kept?.createdBy }),
      launchTemplateData: { ...(isObject(data) ? data : {}), ...compact({ userData: text }) },
    };
  }

  return {
    async 'ec2:CreateLaunchTemplate'(call, { caller, forward, moto, requestId }) {
      const refused = await badImage(call, moto, requestId);
      if (refused !== undefined) return refused;
      // moto would show the template's own tags among those that it gives to instances.
      const own = [...call.query.keys()].filter((name) => name.startsWith('TagSpecification.'));
      const answer = await forward(withQuery(call, Object.fromEntries(own.map((name) => [name, undefined]))));
      if (answer.status >= 400) return answer;
      const { launchTemplate, ...others } = parseAnswer(answer.body);
      const id = stringAt(launchTemplate, 'launchTemplateId') ?? '';
      const tags = listAt(nest(call.query), 'TagSpecification').flatMap((one) => listAt(one, 'Tag'));
      if (tags.length > 0) await moto.ec2('CreateTags', { 'ResourceId.1': id, ...tagQuery(tags) }, call.region);
      const createdBy = callerArn(caller);
      versions.set(`${id} 1`, { data: dataOf(call.query), createdBy });
      const items = tags.map((tag) => compact({ key: stringAt(tag, 'Key'), value: stringAt(tag, 'Value') }));
      const made = { ...(isObject(launchTemplate) ? launchTemplate : {}), createdBy, tagSet: { item: items } };
      return ec2Answer(call.action, { ...others, launchTemplate: made }, requestId);
    },

    async 'ec2:CreateLaunchTemplateVersion'(call, { caller, forward, moto, requestId }) {
      const { query, region } = call;
      let data = dataOf(query);
      const source = query.get('SourceVersion');
      if (source !== undefined) {
        const found = await moto.ec2('DescribeLaunchTemplateVersions', { ...named(query), 'LaunchTemplateVersion.1': source }, region);
        if (found.status >= 400) return found;
        const inherited = versions.get(key(listAt(parseAnswer(found.body), 'launchTemplateVersionSet', 'item')[0]));
        if (inherited === undefined) {
          const message = 'The local cloud inherits only from a version that was created through it.';
          return errorAnswer(call, { code: 'InternalError', message, status: 501 }, requestId);
        }
        data = inherit(inherited.data, data);
      }
      const merged = withQuery(call, { ...Object.fromEntries(data), SourceVersion: undefined });
      const refused = await badImage(merged, moto, requestId);
      if (refused !== undefined) return refused;
      // moto's groups cannot launch from a later version that has user data.
      const answer = await forward(withQuery(merged, { [userData]: undefined }));
      if (answer.status >= 400) return answer;
      const { launchTemplateVersion, ...others } = parseAnswer(answer.body);
      versions.set(key(launchTemplateVersion), { data, createdBy: callerArn(caller) });
      return ec2Answer(call.action, { ...others, launchTemplateVersion: whole(launchTemplateVersion ?? {}) }, requestId);
    },

    async 'ec2:DescribeLaunchTemplateVersions'(call, { forward, moto, requestId }) {
      const { query, region } = call;
      const refuse = (error: AwsError): HttpAnswer => errorAnswer(call, error, requestId);
      const wanted = listAt(nest(query), 'LaunchTemplateVersion').map(String);
      const odd = wanted.find((version) => !/^(\$Latest|\$Default|[1-9]\d*)$/.test(version));
      if (odd !== undefined) return refuse(noVersion(query, odd));
      // AWS resolves the images of one version at a time.
      const resolves = query.get('ResolveAlias') === 'true';
      if (resolves && (wanted.length !== 1 || Object.keys(named(query)).length === 0)) {
        return refuse({ code: 'InvalidParameterCombination', message: 'ResolveAlias needs one launch template and one version of it.' });
      }
      const answer = await forward(withQuery(call, everything));
      if (answer.status >= 400) return answer;
      const list = listAt(parseAnswer(answer.body), 'launchTemplateVersionSet', 'item').map(whole);
      const page = pageOf(call, wanted.length > 0 ? list : list.reverse(), requestId);
      if ('refused' in page) return page.refused;
      const items: Json[] = [];
      for (const version of page.items) {
        const image = resolves ? await resolveImage(moto, stringAt(version, 'launchTemplateData', 'imageId') ?? '', region) : '';
        if (typeof image !== 'string') return refuse(image);
        items.push(image === '' ? version : withImage(version, image));
      }
      return ec2Answer(call.action, { launchTemplateVersionSet: { item: items }, ...page.next }, requestId);
    },

    async 'ec2:DescribeLaunchTemplates'(call, { forward, moto, requestId }) {
      const answer = await forward(withQuery(call, everything));
      if (answer.status >= 400) return answer;
      const list = listAt(parseAnswer(answer.body), 'launchTemplates', 'item');
      const found = new Set(list.map((template) => stringAt(template, 'launchTemplateId')));
      const missing = listAt(nest(call.query), 'LaunchTemplateId')
        .map(String)
        .find((id) => !found.has(id));
      // A filter may have left it out, and that is no error.
      if (missing !== undefined && !call.query.has('Filter.1.Name'))
        return errorAnswer(call, noTemplate(new Map([['LaunchTemplateId', missing]])), requestId);
      const page = pageOf(call, list, requestId);
      if ('refused' in page) return page.refused;
      // moto shows the tags of the creation only.
      const kind = { 'Filter.1.Name': 'resource-type', 'Filter.1.Value.1': 'launch-template' };
      const tags = listAt(await moto.readEc2('DescribeTags', kind, call.region), 'tagSet', 'item');
      const items = page.items.map((template) => {
        const id = stringAt(template, 'launchTemplateId') ?? '';
        const own = tags.filter((tag) => stringAt(tag, 'resourceId') === id);
        const item = own.map((tag) => compact({ key: stringAt(tag, 'key'), value: stringAt(tag, 'value') }));
        return { ...(isObject(template) ? template : {}), ...compact({ createdBy: versions.get(`${id} 1`)?.createdBy }), tagSet: { item } };
      });
      return ec2Answer(call.action, { launchTemplates: { item: items }, ...page.next }, requestId);
    },

    'ec2:ModifyLaunchTemplate': existing,
    'ec2:DeleteLaunchTemplate': existing,
  };
}

// moto has the wrong error for a template that is not there.
const existing: Additions[string] = async (call, { forward, moto, requestId }) => {
  const which = Object.entries(named(call.query)).map(([name, value]) => [`${name}.1`, value]);
  const found = await moto.readEc2('DescribeLaunchTemplates', Object.fromEntries(which), call.region);
  const isThere = listAt(found, 'launchTemplates', 'item').length > 0;
  return isThere ? forward(call) : errorAnswer(call, noTemplate(call.query), requestId);
};

function noTemplate(query: ReadonlyMap<string, string>): AwsError {
  const [id, name] = [query.get('LaunchTemplateId'), query.get('LaunchTemplateName')];
  return id !== undefined
    ? { code: 'InvalidLaunchTemplateId.NotFound', message: `The specified launch template, with template ID ${id}, does not exist.` }
    : {
        code: 'InvalidLaunchTemplateName.NotFoundException',
        message: `The specified launch template, with template name ${name}, does not exist.`,
      };
}

function noVersion(query: ReadonlyMap<string, string>, version: string): AwsError {
  const template = query.get('LaunchTemplateId') ?? query.get('LaunchTemplateName') ?? '';
  const message = `Could not find the specified version ${version} for the launch template with ID ${template}.`;
  return { code: 'InvalidLaunchTemplateId.VersionNotFound', message };
}

async function badImage(call: AwsCall, moto: MotoClient, requestId: string): Promise<HttpAnswer | undefined> {
  const resolved = await resolveImage(moto, call.query.get('LaunchTemplateData.ImageId') ?? '', call.region);
  return typeof resolved === 'string' ? undefined : errorAnswer(call, resolved, requestId);
}

function withImage(version: Json, imageId: string): JsonObject {
  const object = isObject(version) ? version : {};
  const data = at(object, 'launchTemplateData');
  return { ...object, launchTemplateData: { ...(isObject(data) ? data : {}), imageId } };
}

function key(version: Json | undefined): string {
  return `${stringAt(version, 'launchTemplateId')} ${stringAt(version, 'versionNumber')}`;
}

function named(query: ReadonlyMap<string, string>): { [name: string]: string } {
  return Object.fromEntries([...query].filter(([name]) => name === 'LaunchTemplateId' || name === 'LaunchTemplateName'));
}

function dataOf(query: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...query].filter(([name]) => name.startsWith('LaunchTemplateData.')));
}

// What the new version names replaces the like of the source, and snapshots are not inherited.
function inherit(source: ReadonlyMap<string, string>, data: ReadonlyMap<string, string>): Map<string, string> {
  const member = (name: string): string | undefined => name.split('.')[1];
  const replaced = new Set([...data.keys()].map(member));
  const kept = [...source].filter(([name]) => !replaced.has(member(name)) && !/\.BlockDeviceMapping\.\d+\.Ebs\.SnapshotId$/.test(name));
  return new Map([...kept, ...data]);
}

function tagQuery(tags: readonly Json[]): { [name: string]: string } {
  const pairs = tags.flatMap((tag, index) => ['Key', 'Value'].map((part) => [`Tag.${index + 1}.${part}`, stringAt(tag, part) ?? '']));
  return Object.fromEntries(pairs);
}
