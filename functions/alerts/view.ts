import type { RedressConfig } from '#shared/finding/config.ts';
import type { Finding } from '#shared/finding/finding.ts';
import { type Cards, type View, viewOf } from '#shared/finding/view.ts';
import catalog from './catalog.json' with { type: 'json' };

const cards: Cards = catalog;

/** The view of a finding with what the generated catalog says of its control. */
export function alertView(finding: Finding, config: RedressConfig = {}): View {
  return viewOf(finding, cards, config);
}
