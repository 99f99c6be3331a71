import type { HttpAnswer } from '../../http.ts';
import { stringAt } from '../../json.ts';
import type { MotoClient } from '../moto-client.ts';

/** Whether new volumes in a Region are encrypted whatever the call says. */
export async function isOn(moto: MotoClient, region: string): Promise<boolean> {
  return stringAt(await moto.readEc2('GetEbsEncryptionByDefault', {}, region), 'ebsEncryptionByDefault') === 'true';
}

const performance = /(?:<iops>\d+<\/iops>)?(?:<throughput>\d+<\/throughput>)?<volumeType>gp[23]<\/volumeType>.*?<size>(\d+)<\/size>/gs;

/** An answer about volumes with the IOPS of gp2 and the throughput of gp3, which AWS tells and moto leaves out. */
export function withBaselines(answer: HttpAnswer): HttpAnswer {
  const text = answer.body.toString('utf8').replace(performance, (part, size: string) => {
    if (part.includes('>gp3<'))
      return part.includes('<throughput>') ? part : part.replace('<volumeType>', '<throughput>125</throughput>$&');
    return part.includes('<iops>') ? part : `<iops>${Math.min(16_000, Math.max(100, 3 * Number(size)))}</iops>${part}`;
  });
  return { ...answer, body: Buffer.from(text) };
}
