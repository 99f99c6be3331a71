import { EnableSerialConsoleAccessCommand, GetSerialConsoleAccessStatusCommand } from '@aws-sdk/client-ec2';
import { ec2Setting } from '../ec2-setting.ts';

/** Whether the EC2 serial console can be used. */
export type SerialConsole = { readonly isOn: boolean };

/** Access to the EC2 serial console. */
export const serialConsole = ec2Setting<SerialConsole>({
  noun: 'serial-console',
  plural: 'Access to the EC2 serial console',
  changed: ['DisableSerialConsoleAccess', 'EnableSerialConsoleAccess'],
  reads: [{ action: 'ec2:GetSerialConsoleAccessStatus' }],
  async read(read) {
    const { SerialConsoleAccessEnabled, ManagedBy } = await read(new GetSerialConsoleAccessStatusCommand({}));
    return { state: { isOn: SerialConsoleAccessEnabled !== false }, managedBy: ManagedBy };
  },
  restore: () => [{ command: new EnableSerialConsoleAccessCommand({}), says: 'Allow access to the EC2 serial console again.' }],
});
