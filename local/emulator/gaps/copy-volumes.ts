import type { HttpAnswer } from '../../http.ts';
import { listAt, stringAt } from '../../json.ts';
import { errorAnswer } from '../aws-error.ts';
import { ec2Answer, parseAnswer } from '../ec2-xml.ts';
import type { Additions } from './addition.ts';
import { isOn, withBaselines } from './volumes.ts';

const invalid = 'InvalidParameterCombination';

/** CopyVolumes, which moto does not know: a volume of the same size and zone that remembers its source. */
export function copyVolumes(): Additions {
  const sources = new Map<string, string>();
  return {
    async 'ec2:CopyVolumes'(call, { moto, requestId }) {
      const { query, region } = call;
      const id = query.get('SourceVolumeId') ?? '';
      const found = await moto.ec2('DescribeVolumes', { 'VolumeId.1': id }, region);
      const source = found.status < 400 ? listAt(parseAnswer(found.body), 'volumeSet', 'item')[0] : undefined;
      if (source === undefined)
        return errorAnswer(call, { code: 'InvalidVolume.NotFound', message: `The volume '${id}' does not exist.` }, requestId);

      const type = query.get('VolumeType') ?? 'gp2';
      if (query.has('Iops') && !['io1', 'io2', 'gp3'].includes(type)) {
        return errorAnswer(call, { code: invalid, message: `The parameter iops is not supported for ${type} volumes.` }, requestId);
      }
      const wasEncrypted = stringAt(source, 'encrypted') === 'true';
      if (wasEncrypted && query.has('KmsKeyId')) {
        return errorAnswer(call, { code: invalid, message: 'An encrypted source volume is copied under its own key.' }, requestId);
      }
      const isEncrypted = wasEncrypted || query.get('Encrypted') === 'true' || (await isOn(moto, region));
      const key = wasEncrypted ? stringAt(source, 'kmsKeyId') : query.get('KmsKeyId');
      const kept = [...query].filter(([name]) => /^(Iops|Throughput|MultiAttachEnabled|TagSpecification\..*)$/.test(name));
      const made = await moto.ec2(
        'CreateVolume',
        {
          ...Object.fromEntries(kept),
          AvailabilityZone: stringAt(source, 'availabilityZone') ?? '',
          Size: query.get('Size') ?? stringAt(source, 'size') ?? '',
          VolumeType: type,
          ...(isEncrypted ? { Encrypted: 'true' } : {}),
          ...(isEncrypted && key !== undefined ? { KmsKeyId: key } : {}),
        },
        region,
      );
      if (made.status >= 400) return made;
      const { requestId: _, ...volume } = parseAnswer(withBaselines(made).body);
      sources.set(stringAt(volume, 'volumeId') ?? '', id);
      return ec2Answer(call.action, { volumeSet: { item: { ...volume, status: 'creating', sourceVolumeId: id } } }, requestId);
    },
    async 'ec2:DescribeVolumes'(call, { forward }) {
      const answer = await forward(call);
      return answer.status < 400 ? withSources(withBaselines(answer), sources) : answer;
    },
  };
}

// An attachment inside a volume names the volume too; clients pass over the element that is then added there.
function withSources(answer: HttpAnswer, sources: ReadonlyMap<string, string>): HttpAnswer {
  let text = answer.body.toString('utf8');
  for (const [copy, source] of sources)
    text = text.replaceAll(`<volumeId>${copy}</volumeId>`, `$&<sourceVolumeId>${source}</sourceVolumeId>`);
  return { ...answer, body: Buffer.from(text) };
}
