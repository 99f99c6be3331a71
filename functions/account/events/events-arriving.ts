import { code } from '#shared/control/command.ts';
import { defineControl, type Verdict } from '#shared/control/control.ts';
import { stringAt } from '#shared/control/record.ts';
import { homeTrails, visibleTrails } from '../trails/kind.ts';
import { coverOf, nameOf, statusReads } from '../trails/seen.ts';
import { events } from './kind.ts';

interface Facts {
  readonly sentAt: string | null;
  /** When the event of such a call last came back. */
  readonly seenAt: string | null;
  /** The trails that cover this Region, and those of this Region and of others that show here. */
  readonly cover: readonly string[];
  readonly here: readonly string[];
  readonly elsewhere: readonly string[];
}

type Seen = { readonly seenAt: string | null };

/** So long its event may take, in milliseconds: CloudTrail takes minutes at most. */
const PATIENCE = 3_600_000;
/** The clocks of CloudTrail and Redress may differ by as much, in milliseconds. */
const APART = 5 * 60_000;
const OWNER = 'trail-logging';

export default defineControl<{ state: { sentAt: string | null } }, Facts, null, Seen>(events, {
  id: 'events-arriving',
  title: 'Calls reach Redress as events',
  why: 'Redress sees a mistake by the event of the call that made it. Without a trail that logs, or with a rule that is disabled, it sees none, and nobody notices the silence.',
  remediation:
    'Reports only: it looks for a trail that covers the Region, and once a day for the event of a harmless call that Redress makes.',
  severity: 'critical',
  defaultMode: 'observe',
  maxMode: 'observe',
  triggers: [{ ...events.calls('TagQueue'), isOwn: true }],
  sweep: { every: '1 hour', atDeployment: true },
  permissions: { reads: [{ action: 'cloudtrail:DescribeTrails' }, ...statusReads] },
  references: [
    'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-create-and-update-a-trail.html',
  ],
  iac: {
    cloudFormation: 'have an AWS::CloudTrail::Trail with `IsLogging: true` and `IsMultiRegionTrail: true` in one Region.',
    terraform: 'have an aws_cloudtrail with `is_multi_region_trail = true` in one Region.',
    cdk: 'have an `aws-cloudtrail.Trail` in one Region: it logs all Regions by default.',
  },
  prevention: {
    none: 'No policy makes a trail. The policy of `trail-logging` keeps those that are there.',
  },

  targets: (record, place) => events.targets(record, place).map((target) => ({ ...target, hint: { seenAt: record.eventTime } })),
  joinHints: (earlier, later) => ({ seenAt: latest(earlier.seenAt, later.seenAt) }),

  async inspectOne({ state: { sentAt } }, read, _context, { hint, kept }): Promise<Facts> {
    const [cover, home, visible] = await Promise.all([coverOf(read), homeTrails(read), visibleTrails(read)]);
    const isHome = (arn: string | undefined) => home.some(({ TrailARN }) => TrailARN === arn);
    return {
      sentAt,
      seenAt: latest(hint?.seenAt, stringAt(kept, 'seenAt')),
      cover,
      here: home.filter(({ IsOrganizationTrail }) => !IsOrganizationTrail).map(nameOf),
      elsewhere: visible.filter(({ TrailARN }) => !isHome(TrailARN)).map((one) => `${nameOf(one)} (home ${one.HomeRegion})`),
    };
  },

  judge({ sentAt, seenAt, cover, here, elsewhere }, { now, modeOf }): Verdict {
    const isBack = sentAt === null || Date.parse(seenAt ?? '') >= Date.parse(sentAt) - APART;
    const isLost = !isBack && now.getTime() - Date.parse(sentAt) >= PATIENCE;
    const lost = (though = '') =>
      `The event of the call that Redress made at ${sentAt} has not come back${though}. Redress does not see what happens here.`;
    if (cover.length > 0) {
      const covered = `${cover.join(' and ')} covers this Region`;
      if (!isLost) return { is: 'compliant', says: `Events arrive, and ${covered}.`, ...(seenAt && { keeps: { seenAt } }) };
      return { is: 'violation', says: lost(`, though ${covered}`), risk: 'lost', advice: [RULES] };
    }
    const none = 'No trail that logs covers this Region.';
    if (here.length > 0 && modeOf(OWNER) !== 'off') return { is: 'skip', says: `${none} ${OWNER} reports ${here.join(' and ')}.` };
    const others = [...here, ...elsewhere];
    const which = others.length > 0 ? ` ${others.join(' and ')} should.` : '';
    // what arrives all the same comes of a trail that does not show
    const arrives = sentAt !== null && isBack;
    return {
      is: 'violation',
      says: `${none}${which}${isLost ? ` ${lost()}` : arrives ? ' Events arrive all the same.' : ''}`,
      risk: `${none}${which}`,
      ...(arrives && { severity: 'high' }),
      advice:
        others.length > 0 ? [`Start it in its home Region: ${code('aws cloudtrail start-logging --name ARN --region HOME')}.`] : [MAKE],
    };
  },

  before: () => null,
});

const RULES =
  'Look whether somebody disabled the rule `redress-events-arriving`, and others of Redress beside it, and whether CloudTrail has trouble in this Region.';
const MAKE = `Make a trail of all Regions: ${code(
  'aws cloudtrail create-trail --name management-events --s3-bucket-name BUCKET --is-multi-region-trail --enable-log-file-validation',
  'aws cloudtrail start-logging --name management-events',
)}. Or set \`trail: true\` in the config of Redress, which makes one for this Region.`;

function latest(...times: readonly (string | null | undefined)[]): string | null {
  const known = times.flatMap((time) => time ?? []);
  return known.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;
}
