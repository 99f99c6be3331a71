import { type AnyControl, defineControl } from '#shared/control/control.ts';
import { inspectGroup, judgeGroup, openRules, planGroup, reopen, targetsWithMakers } from './closing.ts';
import { CAN_OPEN, inboundWrites, NO_KEY_FOR_RULES, narrowing, rulePages, settleSeconds } from './common.ts';
import { securityGroups } from './kind.ts';
import { joinMakers } from './makers.ts';
import { listOfPorts, replaceBy } from './ports.ts';
import { ruleReads } from './reads.ts';
import { opened } from './triggers.ts';

/** What differs between the controls that close ports to the world. */
interface Closing extends Pick<AnyControl, 'id' | 'title' | 'why' | 'defaultMode'> {
  /** The ports by default, and what the docs say of the setting. */
  readonly ports: readonly string[];
  readonly about: string;
}

/** A control that keeps ports of security groups from the world. */
export function closesPorts({ ports, about, ...said }: Closing): AnyControl {
  return defineControl(securityGroups, {
    ...said,
    remediation:
      'Revokes exactly the rules that let the world in, or narrows them. Leaves what a tool made to that tool, and open connections open. A group with a public address is critical, and one that nothing uses medium.',
    severity: 'high',
    amountsTo: CAN_OPEN,
    triggers: opened,
    permissions: { reads: ruleReads, writes: inboundWrites },
    settings: { ports: listOfPorts(about, ports), replaceBy, settleSeconds },
    references: [rulePages.rules, rulePages.authorize, rulePages.revoke, rulePages.modify, rulePages.tracking],
    iac: narrowing,
    prevention: { none: NO_KEY_FOR_RULES },
    // whose a rule is differs within one group, so that the control asks rule by rule
    fixesManaged: true,
    targets: targetsWithMakers,
    joinHints: joinMakers,
    inspectOne: inspectGroup,
    judge: (facts) => judgeGroup(facts, narrowing),
    plan: (facts, context) => planGroup(facts, context, context.modeOf(said.id)),
    before: openRules,
    undo: reopen,
  });
}
