import { ModifyImageAttributeCommand, paginateDescribeImages, RegisterImageCommand } from '@aws-sdk/client-ec2';
import { gathered, judged, type Sort } from './sort.ts';

/** What the storm makes of this; copies of images are held to ten an hour. */
export const images: readonly Sort[] = [
  {
    kind: 'image',
    control: 'image-private',
    status: 'fixed',
    weight: 6,
    async make({ ec2 }, name) {
      const { ImageId = '' } = await ec2.send(new RegisterImageCommand({ Name: name, RootDeviceName: '/dev/xvda' }));
      await ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [{ Group: 'all' }] } }));
      return ImageId;
    },
    async ends({ ec2 }, ids) {
      const Filters = [{ Name: 'is-public', Values: ['true'] }];
      const listed = paginateDescribeImages({ client: ec2 }, { Owners: ['self'], Filters });
      const open = new Set((await gathered(listed, ({ Images }) => Images)).map(({ ImageId }) => ImageId));
      return judged(ids, (id) => ({ isRight: !open.has(id), twice: 0 }));
    },
  },
];
