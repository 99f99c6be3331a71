import { blanksOf } from '#shared/control/blank.ts';
import type { AnyControl } from '#shared/control/control.ts';
import type { AnyKind } from '#shared/control/kind.ts';
import { ownerTag } from './owner.ts';
import { requiredTags } from './required.ts';
import { sensitiveTags } from './sensitive.ts';
import { isTaggable } from './taggable.ts';

/** The three tag controls of a kind whose tags are known; none for another. */
export function tagControls(kind: AnyKind): readonly AnyControl[] {
  if (!isTaggable(kind)) return [];
  return [ownerTag(kind), requiredTags(kind), sensitiveTags(kind)].map(offWhileBlank);
}

/** A control that stays off by default until its kind has no blank left. */
function offWhileBlank(control: AnyControl): AnyControl {
  return blanksOf(control).length > 0 ? { ...control, defaultMode: 'off' } : control;
}
