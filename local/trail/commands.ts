import { isObject, type Json } from '../json.ts';
import type { Exchange } from './resources.ts';
import { lowerFirst } from './styles.ts';

const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';
/** Members that AWS's schema of the API calls sensitive, as records spell them; of SendCommand alone it was seen that they are hidden. */
const sensitive = new Set(['parameters', 'taskParameters', 'payload', 'input']);

/** What CloudTrail writes of a call that gives parameters to something that runs: all but the parameters. */
const given = {
  request: ({ json }: Exchange['call']): Json => hidden(lowerFirst(json)),
  response: ({ answer }: Exchange): Json => hidden(lowerFirst(answer)),
};

/** Shapes of the records of commands and their like. [U] The parameters of StartAutomationExecution stand in the record: no schema calls them sensitive. */
export const commandShapes = {
  'ssm:SendCommand': given,
  'ssm:CreateAssociation': given,
  'ssm:CreateAssociationBatch': given,
  'ssm:UpdateAssociation': given,
  'ssm:RegisterTaskWithMaintenanceWindow': given,
  'ssm:UpdateMaintenanceWindowTask': given,
};

function hidden(value: Json): Json {
  if (Array.isArray(value)) return value.map(hidden);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sensitive.has(key) ? HIDDEN : hidden(inner)]));
}
