import { type CloudTrailRecord, stringAt } from '#shared/control/record.ts';

/** Whether a call turned session tokens off: the same call sets the other options too, which break nothing. */
export function isLoosening({ requestParameters }: CloudTrailRecord): boolean {
  // in capitals as its only public record has it
  const asked =
    stringAt(requestParameters, 'ModifyInstanceMetadataOptionsRequest', 'HttpTokens') ?? stringAt(requestParameters, 'httpTokens');
  return asked === 'optional';
}
