import { ownerTag } from '#shared/tags/owner.ts';
import { taggable } from './tags.ts';

export default ownerTag(taggable);
