import { actionOf } from '#shared/aws/actions.ts';
import { callEvent } from '../../fixtures/events.ts';
import { documentsWorld, type Stored } from '../documents/world.ts';
import { awsError, place, type World } from '../harness.ts';

/** The setting by its short name. */
export const SettingId = '/ssm/documents/console/public-sharing-permission';

/** The same by its ARN, as most people write it. */
export const settingArn = `arn:aws:ssm:${place.region}:${place.account}:servicesetting${SettingId}`;

/** The setting as somebody left it; absent where nobody did, and `none` in a Region without it. */
interface Sharing {
  readonly value?: 'Enable' | 'Disable' | 'none';
  readonly documents?: { readonly [name: string]: Partial<Stored> };
  /** Whether each document is deleted before its sharing is read. */
  readonly isDeleting?: boolean;
}

interface SharingWorld extends World {
  /** The setting as it is now; undefined where nobody set it. */
  value(): string | undefined;
  /** Called before each call is answered; what goes wrong meanwhile. */
  meanwhile: (action: string) => void;
}

/** A Systems Manager that remembers whether documents may be public. */
export function sharingWorld({ value: chosen, documents = {}, isDeleting = false }: Sharing = {}): SharingWorld {
  const all = Object.entries(documents).map(([name, stored]) => [name, { versions: ['{"schemaVersion":"2.2"}'], ...stored }]);
  const inner = documentsWorld({ documents: Object.fromEntries(all) });
  inner.meanwhile = (action) => {
    if (isDeleting && action === 'ssm:DescribeDocumentPermission') inner.documents.clear();
  };
  let value: string | undefined = chosen;
  const answers: { readonly [action: string]: (input: { readonly SettingValue?: string }) => object } = {
    'ssm:GetServiceSetting': () => ({
      ServiceSetting: { SettingId, SettingValue: value ?? 'Enable', Status: value === undefined ? 'Default' : 'Customized' },
    }),
    'ssm:UpdateServiceSetting': ({ SettingValue }) => {
      value = SettingValue;
      return {};
    },
    'ssm:ResetServiceSetting': () => {
      value = undefined;
      return {};
    },
  };
  const world: SharingWorld = {
    value: () => value,
    meanwhile: () => undefined,
    async send(command) {
      const action = actionOf(command);
      world.meanwhile(action);
      const answer = answers[action];
      if (!answer) return await inner.send(command);
      if (value === 'none') throw awsError('ServiceSettingNotFound', 'The specified service setting was not found.');
      if (!Object.values(command.input).includes(SettingId)) throw new Error('this world knows one setting only');
      return answer(command.input);
    },
  };
  return world;
}

/** A call about a setting of Systems Manager; a shape inferred from the API. */
export function settingCall(eventName: 'UpdateServiceSetting' | 'ResetServiceSetting', settingId = SettingId, fields: object = {}) {
  const settingValue = eventName === 'UpdateServiceSetting' ? { settingValue: 'Enable' } : {};
  return callEvent(eventName, { requestParameters: { settingId, ...settingValue }, ...fields }, 'ssm.amazonaws.com');
}
