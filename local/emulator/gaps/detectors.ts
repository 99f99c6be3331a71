import { jsonAnswer } from '../../http.ts';
import { listAt, parseJson, stringAt } from '../../json.ts';
import type { AwsCall } from '../aws-call.ts';
import { errorAnswer } from '../aws-error.ts';
import type { Addition, Additions } from './addition.ts';

/** What moto lacks of Macie, and does otherwise in GuardDuty: its one detector a Region. */
export function detectors(now: () => number = Date.now): Additions {
  const sessions = new Map<string, { readonly status: string; readonly frequency: string; readonly at: string }>();
  const setting = (call: AwsCall): void => {
    const known = sessions.get(call.region);
    const status = stringAt(call.json, 'status') ?? known?.status ?? 'ENABLED';
    const frequency = stringAt(call.json, 'findingPublishingFrequency') ?? known?.frequency ?? 'FIFTEEN_MINUTES';
    sessions.set(call.region, { status, frequency, at: new Date(now()).toISOString() });
  };
  const whereOn =
    (answer: (call: AwsCall, session: NonNullable<ReturnType<typeof sessions.get>>) => object): Addition =>
    async (call, { requestId }) => {
      const session = sessions.get(call.region);
      if (session) return jsonAnswer(answer(call, session));
      return errorAnswer(call, { code: 'AccessDeniedException', message: 'Macie is not enabled.', status: 403 }, requestId);
    };
  return {
    'macie2:GetMacieSession': whereOn((_call, { status, frequency, at }) => ({
      status,
      findingPublishingFrequency: frequency,
      createdAt: at,
      updatedAt: at,
    })),
    'macie2:UpdateMacieSession': whereOn((call) => {
      setting(call);
      return {};
    }),
    'macie2:DisableMacie': whereOn(({ region }) => {
      sessions.delete(region);
      return {};
    }),
    // nobody administers the account here
    'macie2:GetAdministratorAccount': whereOn(() => ({})),
    async 'macie2:EnableMacie'(call, { requestId }) {
      if (sessions.has(call.region))
        return errorAnswer(call, { code: 'ConflictException', message: 'Macie has already been enabled.', status: 409 }, requestId);
      setting(call);
      return jsonAnswer({});
    },
    async 'guardduty:CreateDetector'(call, { forward, requestId }) {
      const listing = { ...call.request, method: 'GET', body: Buffer.alloc(0) };
      const { body } = await forward({ ...call, action: 'ListDetectors', request: listing });
      if (listAt(parseJson(body.toString('utf8')), 'detectorIds').length === 0) return await forward(call);
      const message = 'The request is rejected because a detector already exists for the current account.';
      return errorAnswer(call, { code: 'BadRequestException', message }, requestId);
    },
  };
}
