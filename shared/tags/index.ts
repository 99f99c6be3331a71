import type { AnyControl } from '#shared/control/control.ts';
import type { AnyKind } from '#shared/control/kind.ts';
import { ownerTag } from './owner.ts';
import { requiredTags } from './required.ts';
import { sensitiveTags } from './sensitive.ts';
import { isTaggable } from './taggable.ts';

/** The three tag controls of a kind whose tags are known; none for another. */
export function tagControls(kind: AnyKind): readonly AnyControl[] {
  return isTaggable(kind) ? [ownerTag(kind), requiredTags(kind), sensitiveTags(kind)] : [];
}
