import type { Finding } from '#shared/finding/finding.ts';
import type { Message } from '#shared/finding/message.ts';
import type { SlackActions } from '#shared/finding/slack-actions.ts';
import { dynamoLedger } from '#shared/ledger/dynamo-ledger.ts';
import type { ActDeps } from '../../../functions/slack-actions/act.ts';
import { act } from '../../../functions/slack-actions/act.ts';
import type { UrlRequest } from '../../../functions/slack-actions/signature.ts';
import { slackHosts, slackUntil } from '../../../functions/slack-actions/slack.ts';
import { slackHeaders } from '../../../local/slack/payload.ts';
import { finding } from '../../cli/world.ts';
import { botToken, signingSecret as secret } from '../../fixtures/secrets.ts';
import { clickBody, type SlackStandIn } from '../slack.ts';
import { MemoryTable } from '../table.ts';

export const id = 'f-20270131-0123456789ab';
export const NOW = new Date('2027-01-31T12:00:00.000Z');
export const account = '111122223333';
const kinds = { 'volume-encrypted': 'volumes', 'ebs-default-encryption': 'volumes' };

/** How a request differs from an ordinary, rightly signed click on Fix. */
export interface Clicking {
  readonly action?: string;
  readonly finding?: string;
  /** Members of the payload. */
  readonly payload?: object;
  /** What is sent in place of the click. */
  readonly body?: string;
  readonly secret?: string;
  /** Seconds from our clock to the one that signed. */
  readonly skew?: number;
  readonly responseUrl?: string;
  /** The last change of the request before it is handed on. */
  readonly change?: (request: UrlRequest) => UrlRequest;
}

/** The function over a ledger in memory, and a stand-in for Slack on 127.0.0.1. */
export function clicksOn(slack: SlackStandIn, changes: Partial<SlackActions> = {}, budget = 1500) {
  const ledger = dynamoLedger('redress-ledger', new MemoryTable().client, {
    place: { account, region: 'eu-west-1' },
    functions: ['redress-volumes'],
  });
  const sent: { kind: string; body: Pick<Message, 'control' | 'order'> }[] = [];
  const logs: object[] = [];
  const actions: SlackActions = {
    signingSecretParameter: '/redress/slack/signing-secret',
    workspaces: ['T0HOME'],
    allow: [{ account: '*', users: ['U0DANA'] }],
    ...changes,
  };
  const deps = (): ActDeps => ({
    actions,
    kinds,
    account,
    isHub: false,
    ledger,
    slack: slackUntil(Date.now() + budget, slackHosts(slack.base), async () => botToken),
    secretOf: async () => secret,
    send: async (kind, body) => void sent.push({ kind, body }),
    now: () => NOW,
    log: (level, message, fields) => void logs.push({ level, message, ...fields }),
  });
  const requestOf = ({ action = 'redress_fix', finding = id, payload, skew = 0, change = (same) => same, ...more }: Clicking) => {
    const body = more.body ?? clickBody(action, finding, more.responseUrl ?? `${slack.base}/response/1`, payload);
    const headers = slackHeaders(body, more.secret ?? secret, new Date(NOW.getTime() + skew * 1000));
    return change({ headers, body, isBase64Encoded: false });
  };
  return {
    ledger,
    sent,
    logs,
    requestOf,
    /** Puts a finding into the ledger. */
    put: (more: Partial<Finding> = {}) => ledger.putFindings([{ finding: finding(more) }]),
    /** Sends a click; answers the HTTP status. */
    click: (clicking: Clicking = {}, overrides: Partial<ActDeps> = {}) => act(requestOf(clicking), { ...deps(), ...overrides }),
    /** What the clicker alone was told, since the last call. */
    told: () => slack.posted.splice(0).flatMap((one) => (one.response_type === 'ephemeral' ? [one.text] : [])),
  };
}
