import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { AnyControl, ControlFunction } from '#shared/control/control.ts';
import { hearsItself } from '#shared/control/own.ts';
import { fill, type Statement } from '#shared/control/statements.ts';
import type { RedressConfig } from '#shared/finding/config.ts';
import { FINDING_DETAIL_TYPE, FINDING_SOURCE, functionOf, HEARTBEAT_TAG, MEMBERS_FILE, MEMBERS_VARIABLE } from '#shared/finding/names.ts';
import { hubOf, regionsToJoin } from '#shared/finding/organization.ts';
import { JOINED, OPEN_INDEX, openUnder, readableByAll, writableBy } from '#shared/ledger/items.ts';
import { becomingMembers, justifyMembers } from './hub.ts';
import { pascal } from './ids.ts';
import { acknowledge } from './nag.ts';
import { deploymentPattern, type OwnRoles, patternOf } from './patterns.ts';
import { denialsOf, isOn, statementsOf } from './permissions.ts';
import type { SharedQueues } from './queues.ts';
import { addRule, type RuleProps } from './rules.ts';
import { allow, deny, underKey } from './statements.ts';
import { inMembers, type SweepRule, sweepOfNewMember, sweepsHere, sweepsOfMembers } from './sweep-rules.ts';
import { triggersUnder } from './triggers.ts';
import { Worker } from './worker.ts';

/** What the engine does with items of the function's own. */
const LEDGER_ACTIONS = [
  'GetItem',
  'BatchGetItem',
  'ConditionCheckItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'Query',
].map((one) => `dynamodb:${one}`);

/** What a hub's function does with the rows of who has joined. */
const JOINING_ACTIONS = ['GetItem', 'PutItem', 'DeleteItem', 'Query'].map((one) => `dynamodb:${one}`);

/** Nothing but findings: a forged event of another source could start a rule of somebody else's on this bus. */
const ONLY_FINDINGS = {
  // as in AWS's own example, for `events:source` has several values: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html
  'ForAllValues:StringEquals': { 'events:source': [FINDING_SOURCE] },
  StringEquals: { 'events:detail-type': [FINDING_DETAIL_TYPE] },
};

/** No tag but its own. */
const ONLY_HEARTBEATS = { 'ForAllValues:StringEquals': { 'aws:TagKeys': [HEARTBEAT_TAG] } };

/** What the construct of such a function is made from. */
export interface ControlFunctionProps {
  readonly fn: ControlFunction;
  readonly config: RedressConfig;
  /** The folder of the function's bundle. */
  readonly code: string;
  readonly ledger: Table;
  readonly bus: CfnEventBus;
  readonly shared: SharedQueues;
}

/** Where the events of members come in, and the roles whose own calls are left out there. */
export interface MemberEvents {
  readonly bus: string;
  readonly roles: OwnRoles;
}

/** One function of controls: its worker, and the rules of its controls, which need every function's role and so come last. */
export class ControlFunctionStack extends Construct {
  readonly fn: ControlFunction;
  readonly worker: Worker;
  private readonly controls: readonly AnyControl[];
  private readonly config: RedressConfig;

  constructor(scope: Construct, id: string, { fn, config, code, ledger, bus, shared }: ControlFunctionProps) {
    super(scope, id);
    this.fn = fn;
    this.config = config;
    // what is off everywhere has neither rule nor permission
    this.controls = fn.controls.filter((control) => isOn(config, control));
    const statements = statementsOf(this.controls, config);
    const { partition, region, account } = Stack.of(this);
    const name = functionOf(fn.id);
    const isListening = this.controls.some(hearsItself);
    const isHub = hubOf(config) !== undefined;
    const place = { account, region };
    // not only those that are on: a case that was open when its control was turned off is still ended
    const ids = fn.controls.map(({ id: control }) => control);
    this.worker = new Worker(this, 'Worker', {
      name,
      shared,
      description: `Watches and fixes: ${fn.id}.`,
      code,
      environment: { REDRESS_TABLE: ledger.tableName, REDRESS_BUS: bus.attrName, ...(isHub && { [MEMBERS_VARIABLE]: MEMBERS_FILE }) },
      statements: ({ queue }) => [
        ...fill(statements, { partition, region, account }).map(({ actions, resource, conditions }) =>
          allow(actions, resource, conditions),
        ),
        ...fill(denialsOf(this.controls, config), { partition, region, account }).map(({ actions, resource, conditions }) =>
          deny(actions, resource, conditions),
        ),
        allow(LEDGER_ACTIONS, ledger.tableArn, underKey(...writableBy(place, name, ids, isHub))),
        allow(['dynamodb:Query'], `${ledger.tableArn}/index/${OPEN_INDEX}`, underKey(...openUnder(place, ids, isHub))),
        allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], ledger.tableArn, underKey(...readableByAll)),
        allow(['sqs:SendMessage'], queue.queueArn),
        // the call whose event has to come back
        ...(isListening ? [allow(['sqs:ListQueueTags'], queue.queueArn), allow(['sqs:TagQueue'], queue.queueArn, ONLY_HEARTBEATS)] : []),
        allow(['events:PutEvents'], bus.attrArn, ONLY_FINDINGS),
        ...(isHub ? [becomingMembers(name)] : []),
        ...(this.mayJoin ? [allow(JOINING_ACTIONS, ledger.tableArn, underKey(JOINED))] : []),
      ],
    });
    justify(this.worker.role, statements);
    if (isHub) justifyMembers(this.worker.role, name);
  }

  /** Adds each control's rule for calls, and those that have the function look at everything; in a hub the same for members. */
  addRules(roles: readonly string[], hub?: MemberEvents): void {
    const own = this.rulesHere(roles);
    this.worker.allowRules([...own, ...(hub ? this.rulesForMembers(hub) : [])]);
  }

  private rulesHere(roles: readonly string[]): string[] {
    const atDeployment = { eventPattern: deploymentPattern(Stack.of(this).stackId) };
    return [
      ...this.controls.map((control) =>
        this.ruleOfCalls(control, pascal(control.id), { description: 'the calls that may break it', roles }),
      ),
      ...sweepsHere(this.sweeping).map((rule) =>
        this.ruleOf(rule, rule.every ? { scheduleExpression: `rate(${rule.every})` } : atDeployment),
      ),
    ];
  }

  /** The same patterns on the bus of the members, and what has each of their places swept. */
  private rulesForMembers({ bus, roles }: MemberEvents): string[] {
    const atDeployment = { eventPattern: deploymentPattern(Stack.of(this).stackId) };
    const ofNew = sweepOfNewMember(this.sweeping);
    return [
      ...inMembers(this.sweeping).map((control) =>
        this.ruleOfCalls(control, `${pascal(control.id)}InMembers`, { description: 'the calls in members that may break it', roles, bus }),
      ),
      ...(ofNew ? [this.ruleOf(ofNew, { eventPattern: deploymentPattern() }, bus)] : []),
      // the list of members comes with a deployment
      ...sweepsOfMembers(this.sweeping).map((rule) => this.ruleOf(rule, { scheduleExpression: `rate(${rule.every})`, ...atDeployment })),
    ];
  }

  /** Whether accounts may join the hub by what they forward. */
  private get mayJoin(): boolean {
    return regionsToJoin(this.config).length > 0;
  }

  /** What a message says of its bus: that of the members takes nothing but what the organization forwards. */
  private ofBus(bus: string | undefined): { readonly isForwarded?: true } {
    return bus !== undefined && this.mayJoin ? { isForwarded: true } : {};
  }

  /** The function with the controls that are on. */
  private get sweeping() {
    return { id: this.fn.id, controls: this.controls };
  }

  private ruleOfCalls(control: AnyControl, id: string, { description, roles, bus }: CallsRule): string {
    return addRule(this, id, {
      name: `redress-${control.id}`,
      description: `${control.title}: ${description}.`,
      when: { eventPattern: patternOf({ id: control.id, triggers: triggersUnder(this.config, control) }, roles) },
      to: this.worker,
      head: { control: control.id, ...this.ofBus(bus) },
      ...(bus && { bus }),
    });
  }

  private ruleOf({ id, name, description, head }: SweepRule, when: RuleProps['when'], bus?: string): string {
    return addRule(this, id, { name, description, when, to: this.worker, head: { ...head, ...this.ofBus(bus) }, ...(bus && { bus }) });
  }
}

/** What is different between the rules of a control's calls on each bus. */
interface CallsRule {
  readonly description: string;
  readonly roles: OwnRoles;
  readonly bus?: string;
}

/** Shows cdk-nag, finding by finding, which wildcards the controls declare; any other still fails. */
function justify(role: Worker['role'], statements: readonly Statement[]): void {
  const shown = { partition: '<AWS::Partition>', region: '<AWS::Region>', account: '<AWS::AccountId>' };
  for (const resource of new Set(fill(statements, shown).map((statement) => statement.resource))) {
    if (!resource.includes('*')) continue;
    const reason =
      resource === '*'
        ? "A control declares it: AWS gives these actions no resource type, or a condition narrows them. See the control's permissions."
        : 'A control declares it: the resource is whichever was created wrong, so its id is not known before.';
    acknowledge(role, `AwsSolutions-IAM5[Resource::${resource}]`, reason);
  }
  for (const action of new Set(statements.flatMap(({ actions }) => actions))) {
    if (action.includes('*'))
      acknowledge(
        role,
        `AwsSolutions-IAM5[Action::${action}]`,
        'A control declares it: AWS checks a family of actions for one call, and its page names them by this pattern.',
      );
  }
}
