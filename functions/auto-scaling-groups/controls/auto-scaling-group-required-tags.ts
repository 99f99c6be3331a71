import { requiredTags } from '../../../shared/tag-required.ts';
import { taggable } from '../tags.ts';

export default requiredTags(taggable);
