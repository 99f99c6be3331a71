import { at, isObject, type Json } from '../json.ts';
import type { Exchange } from './resources.ts';
import { lowerFirst } from './styles.ts';

/** What CloudTrail writes of a call that writes a document: everything but its content. */
const written = {
  request: ({ json }: Exchange['call']): Json => {
    const request = lowerFirst(json);
    return isObject(request) ? { ...request, content: 'HIDDEN_DUE_TO_SECURITY_REASONS' } : request;
  },
  // a recorded answer has the tags too, which moto leaves out where there are none
  response: ({ answer }: Exchange): Json => {
    const description = lowerFirst(at(answer, 'DocumentDescription') ?? {});
    return { documentDescription: isObject(description) ? { ...description, tags: description['tags'] ?? [] } : description };
  },
};

/** Shapes of the records of documents; the others are as their protocol has them. */
export const documentShapes = { 'ssm:CreateDocument': written, 'ssm:UpdateDocument': written };
