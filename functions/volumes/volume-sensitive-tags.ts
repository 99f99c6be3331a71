import { sensitiveTags } from '#shared/tags/sensitive.ts';
import { taggable } from './tags.ts';

export default sensitiveTags(taggable);
