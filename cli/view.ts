import type { Finding } from '#shared/finding/finding.ts';
import { plainLines } from '#shared/finding/text.ts';
import { cardOf, type View, viewOf } from '#shared/finding/view.ts';
import { controlsOf, discoverFunctions } from '../infra/catalog.ts';
import { loadConfig, PROJECT_CONFIG } from '../infra/synth.ts';

/** The view of a finding by the controls and the config on this machine; a config that cannot be used is named, and done without. */
export async function localView(finding: Finding, warn: (text: string) => void): Promise<View> {
  const functions = await discoverFunctions();
  const cards = Object.fromEntries(controlsOf(functions).map((control) => [control.id, cardOf(control)]));
  try {
    return viewOf(finding, cards, await loadConfig(PROJECT_CONFIG, functions));
  } catch (error) {
    warn(`The config on this machine is not used. ${plainLines(error instanceof Error ? error.message : String(error))}`);
    return viewOf(finding, cards);
  }
}
