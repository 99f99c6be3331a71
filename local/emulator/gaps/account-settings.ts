import type { HttpAnswer } from '../../http.ts';
import { listAt, stringAt } from '../../json.ts';
import { nest } from '../../trail/styles.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import { ec2Answer } from '../ec2-xml.ts';
import type { Addition, Additions } from './addition.ts';

/** How long a change of the blocking of images does not show, in milliseconds; AWS takes up to 10 minutes. */
const IMAGES_SHOW_AFTER = 2000;

/** What each Region of the account has set; absent where nobody set anything. */
interface Settings {
  images?: { readonly shown: string; readonly next: string; readonly from: number };
  imds?: { readonly [member: string]: string };
  isConsoleOn?: boolean;
  allowed?: string;
}

/** The members of the metadata defaults, and what each may be. */
const imdsMembers: { readonly [name: string]: RegExp } = {
  HttpTokens: /^(optional|required|no-preference)$/,
  HttpPutResponseHopLimit: /^(-1|[1-9]|[1-5]\d|6[0-4])$/,
  HttpEndpoint: /^(enabled|disabled|no-preference)$/,
  InstanceMetadataTags: /^(enabled|disabled|no-preference)$/,
  HttpTokensEnforced: /^(enabled|disabled|no-preference)$/,
};
const noPreference = ['no-preference', '-1'];

/** The settings of the account that moto does not know: sharing of images, metadata defaults, the serial console, and allowed images. */
export function accountSettings({ 'ec2:ModifyImageAttribute': modified = plainly }: Additions, now: () => number = Date.now): Additions {
  const regions = new Map<string, Settings>();
  const settingsOf = ({ region }: AwsCall): Settings => {
    const known = regions.get(region) ?? {};
    regions.set(region, known);
    return known;
  };
  const shownImages = ({ images }: Settings) => (images ? (now() < images.from ? images.shown : images.next) : 'unblocked');
  const setImages = (settings: Settings, next: string) => {
    settings.images = { shown: shownImages(settings), next, from: now() + IMAGES_SHOW_AFTER };
  };
  const managedBy = 'account';
  return {
    async 'ec2:GetImageBlockPublicAccessState'(call, { requestId }) {
      return ec2Answer(call.action, { imageBlockPublicAccessState: shownImages(settingsOf(call)), managedBy }, requestId);
    },
    async 'ec2:EnableImageBlockPublicAccess'(call, { requestId }) {
      const state = call.query.get('ImageBlockPublicAccessState') ?? '';
      if (state !== 'block-new-sharing') return invalid(call, 'ImageBlockPublicAccessState', state, requestId);
      setImages(settingsOf(call), state);
      return ec2Answer(call.action, { imageBlockPublicAccessState: state }, requestId);
    },
    async 'ec2:DisableImageBlockPublicAccess'(call, { requestId }) {
      setImages(settingsOf(call), 'unblocked');
      return ec2Answer(call.action, { imageBlockPublicAccessState: 'unblocked' }, requestId);
    },
    'ec2:ModifyImageAttribute': refusingWhere((call) => shownImages(settingsOf(call)) !== 'unblocked', modified),
    async 'ec2:GetInstanceMetadataDefaults'(call, { requestId }) {
      const { imds = {} } = settingsOf(call);
      return ec2Answer(call.action, { accountLevel: { ...imds, managedBy } }, requestId);
    },
    async 'ec2:ModifyInstanceMetadataDefaults'(call, { requestId }) {
      const settings = settingsOf(call);
      const given = Object.entries(imdsMembers).flatMap(([name, values]) => {
        const value = call.query.get(name);
        return value === undefined ? [] : [{ name, value, isKnown: values.test(value) }];
      });
      const wrong = given.find(({ isKnown }) => !isKnown);
      if (wrong) return invalid(call, wrong.name, wrong.value, requestId);
      const all = { ...settings.imds, ...Object.fromEntries(given.map(({ name, value }) => [lower(name), value])) };
      settings.imds = Object.fromEntries(Object.entries(all).filter(([, value]) => !noPreference.includes(value)));
      return ec2Answer(call.action, { return: 'true' }, requestId);
    },
    async 'ec2:GetSerialConsoleAccessStatus'(call, { requestId }) {
      const { isConsoleOn = false } = settingsOf(call);
      return ec2Answer(call.action, { serialConsoleAccessEnabled: String(isConsoleOn), managedBy }, requestId);
    },
    'ec2:EnableSerialConsoleAccess': turning(settingsOf, true),
    'ec2:DisableSerialConsoleAccess': turning(settingsOf, false),
    async 'ec2:GetAllowedImagesSettings'(call, { requestId }) {
      const { allowed = 'disabled' } = settingsOf(call);
      return ec2Answer(call.action, { state: allowed, managedBy }, requestId);
    },
    async 'ec2:EnableAllowedImagesSettings'(call, { requestId }) {
      const state = call.query.get('AllowedImagesSettingsState') ?? '';
      if (state !== 'audit-mode' && state !== 'enabled') return invalid(call, 'AllowedImagesSettingsState', state, requestId);
      settingsOf(call).allowed = state;
      return ec2Answer(call.action, { allowedImagesSettingsState: state }, requestId);
    },
    async 'ec2:DisableAllowedImagesSettings'(call, { requestId }) {
      settingsOf(call).allowed = 'disabled';
      return ec2Answer(call.action, { allowedImagesSettingsState: 'disabled' }, requestId);
    },
  };
}

const plainly: Addition = (call, { forward }) => forward(call);

/** Turns the serial console on or off. */
function turning(settingsOf: (call: AwsCall) => Settings, isOn: boolean): Addition {
  return async (call, { requestId }) => {
    settingsOf(call).isConsoleOn = isOn;
    return ec2Answer(call.action, { serialConsoleAccessEnabled: String(isOn) }, requestId);
  };
}

/** Refuses to make an image public where that is blocked. */
function refusingWhere(isBlocked: (call: AwsCall) => boolean, otherwise: Addition): Addition {
  return async (call, around) => {
    const { query } = call;
    const added = listAt(nest(query), 'LaunchPermission', 'Add').some((one) => stringAt(one, 'Group') === 'all');
    const isPublic = added || (query.get('OperationType') === 'add' && [...query.values()].includes('all'));
    if (!isPublic || !isBlocked(call)) return await otherwise(call, around);
    // [U] the code: AWS documents none
    const message = 'Block public access for AMIs is on, so the image cannot be shared publicly.';
    return errorAnswer(call, { code: 'OperationNotPermitted', message }, around.requestId);
  };
}

function invalid(call: AwsCall, name: string, value: string, requestId: string): HttpAnswer {
  return errorAnswer(call, { code: 'InvalidParameterValue', message: `Value (${value}) for parameter ${name} is invalid.` }, requestId);
}

function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
