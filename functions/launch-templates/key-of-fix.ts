import type { Context, Reader } from '#shared/control/control.ts';
import type { KeyState } from '#shared/launch/ebs-key.ts';
import { keyForLaunches, type Who } from '#shared/launch/key-for-launches.ts';
import { type Around, badOf, effectsOf } from '#shared/launch/launch.ts';
import { otherLaunchers } from '#shared/launch/launchers.ts';
import { pointersOf } from '#shared/launch/pointers.ts';
import { templatesById } from '#shared/launch/reads.ts';
import { encryptedData, launchOf, type TemplateVersion } from '#shared/launch/template.ts';

/** Whether whoever launches from a template could use the keys that an encrypted version of it would name. */
export async function keyOfFix(
  id: string,
  version: TemplateVersion,
  around: Around,
  read: Reader,
  context: Context<{ readonly kmsKey?: string | undefined }>,
): Promise<KeyState | undefined> {
  const { kmsKey } = context.settings;
  const bad = badOf(effectsOf(launchOf(version), around));
  const { BlockDeviceMappings = [] } = encryptedData(version, bad, around, kmsKey).data;
  const keyOf = (device: string) => BlockDeviceMappings.findLast(({ DeviceName }) => DeviceName === device)?.Ebs?.KmsKeyId;
  const ids = bad.map(({ device }) => keyOf(device) ?? kmsKey ?? around.defaultKey);
  const who: Who = {
    groups(all) {
      const following = all.filter((group) => pointersOf(group).some((one) => one.template === id && one.follows === '$Latest'));
      // what follows `$Latest` launches a new version at once; where nothing does, whatever is pointed at it later
      return following.length > 0 ? following : all;
    },
    async others() {
      const name = (await read.many(templatesById, [id])).get(id)?.LaunchTemplateName;
      return await otherLaunchers(read, context, { template: name ? [id, name] : [id] });
    },
  };
  return await keyForLaunches(ids, who, read, context);
}
