import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import { partitionOf } from '#shared/aws/partition.ts';
import { adviceText } from '#shared/control/iac.ts';
import { isGone, type Status, unsettledStatuses } from '#shared/finding/finding.ts';
import { commandText, wholeStep } from '#shared/finding/next-steps.ts';
import { cut, plain } from '#shared/finding/text.ts';
import type { View } from '#shared/finding/view.ts';
import { joined } from './slack-text.ts';

const compliance: { readonly [status in Status]: 'PASSED' | 'FAILED' | 'WARNING' } = {
  open: 'FAILED',
  'would-fix': 'FAILED',
  'awaiting-approval': 'FAILED',
  failed: 'FAILED',
  undone: 'FAILED',
  skipped: 'WARNING',
  exempt: 'WARNING',
  fixed: 'PASSED',
  superseded: 'PASSED',
  closed: 'PASSED',
};

const day = (text: string): string => new Date(text).toISOString();

/**
 * Draws a finding in Security Hub's format. The same id updates it, and a settled one is archived as passed. `Workflow` counts
 * when the finding is made and is the customer's after that; severity and types are a provider's under `FindingProviderFields`.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 */
export function securityFinding({ finding, title, story, advice, next, source, page, links, securityHub }: View): AwsSecurityFinding {
  const { id, control, status, severity, account, region, resource, actor, event, timings } = finding;
  const partition = partitionOf(region);
  const isSettled = compliance[status] === 'PASSED';
  const isWanted = unsettledStatuses.includes(status);
  const steps = [...advice.map(adviceText), ...next.map(commandText), ...source.map(adviceText)].map((says) =>
    cut(plain(wholeStep(says, finding, 480, plain)), 480),
  );
  const url = [...(page ? [page] : []), ...links].find(({ url: address }) => address.length <= 2048)?.url;
  return {
    SchemaVersion: '2018-10-08',
    Id: `redress/${account}/${region}/${id}`,
    ProductArn: `arn:${partition}:securityhub:${region}:${account}:product/${account}/default`,
    ProductName: 'Redress',
    GeneratorId: `redress/${control}`,
    AwsAccountId: account,
    Region: region,
    CreatedAt: day(timings.receivedAt),
    UpdatedAt: day(timings.decidedAt ?? timings.receivedAt),
    FirstObservedAt: day(event.time),
    Title: cut(plain(title), 256),
    Description: cut(plain(story.join(' ') || finding.title), 1024),
    FindingProviderFields: {
      Severity: { Label: severityOf(severity), Original: severity },
      Types: ['Software and Configuration Checks/AWS Security Best Practices'],
    },
    ProductFields: {
      'redress/status': status,
      'redress/control': control,
      'redress/actor': cut(plain(actor.via === actor.name ? actor.name : `${actor.name} with ${actor.via}`), 1024),
      'redress/announcement': finding.announcement,
    },
    Remediation: {
      Recommendation: { Text: joined(steps, '\n', 512) || 'Nothing is left to do.', ...(url && { Url: url }) },
    },
    Resources: [{ Type: securityHub, Id: cut(plain(resource.arn), 512), Partition: partition, Region: region }],
    Compliance: { Status: compliance[status] },
    Workflow: { Status: isSettled ? 'RESOLVED' : isWanted ? 'NEW' : 'SUPPRESSED' },
    RecordState: isSettled || isGone(finding) ? 'ARCHIVED' : 'ACTIVE',
  };
}

function severityOf(severity: View['finding']['severity']): 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL' {
  return ({ low: 'LOW', medium: 'MEDIUM', high: 'HIGH', critical: 'CRITICAL' } as const)[severity];
}
