import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Aws, CfnResource } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { FORWARDER, HUB_BUS, MEMBER_PATH } from '#shared/finding/names.ts';
import { acknowledge } from './nag.ts';
import { allow } from './statements.ts';

/** The bus that members forward their events to. */
export class HubBus extends Construct {
  readonly bus: CfnEventBus;

  constructor(scope: Construct, id: string, organization: string) {
    super(scope, id);
    this.bus = new CfnEventBus(this, 'Bus', { name: HUB_BUS, description: 'What the members of the organization forward to Redress.' });
    const Statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: this.bus.attrArn,
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': organization },
        // no other principal of a member: EventBridge alone may become this role
        ArnLike: { 'aws:PrincipalArn': `arn:*:iam::*:role${MEMBER_PATH}${FORWARDER}` },
      },
    };
    // not by the construct of that name: it warns of a property of its own that is not used here
    new CfnResource(this, 'Policy', {
      type: 'AWS::Events::EventBusPolicy',
      properties: { EventBusName: this.bus.ref, StatementId: 'members', Statement },
    });
  }
}

/** What the role of a hub's function may do beside: become the role of the same function in a member. */
export function becomingMembers(functionName: string, actions = ['sts:AssumeRole', 'sts:SetSourceIdentity']): PolicyStatement {
  return allow(actions, `arn:${Aws.PARTITION}:iam::*:role${MEMBER_PATH}${functionName}`);
}

/** Shows cdk-nag why a role names other accounts by a wildcard. */
export function justifyMembers(role: Construct, functionName: string): void {
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::*:role${MEMBER_PATH}${functionName}]`,
    'The members of the organization are listed beside the code; each of their roles trusts this one role.',
  );
}
