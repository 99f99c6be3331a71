import { ownerTag } from '../../../shared/tag-owner.ts';
import { taggable } from '../tags.ts';

export default ownerTag(taggable);
