import { requiredTags } from '#shared/tags/required.ts';
import { taggable } from './tags.ts';

export default requiredTags(taggable);
