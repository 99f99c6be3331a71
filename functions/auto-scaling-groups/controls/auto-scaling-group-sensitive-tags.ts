import { sensitiveTags } from '../../../shared/tag-sensitive.ts';
import { taggable } from '../tags.ts';

export default sensitiveTags(taggable);
