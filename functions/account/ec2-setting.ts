import { accountSetting, type SettingProps } from '#shared/control/setting.ts';
import type { Json } from '#shared/control/types.ts';

/** A setting of EC2, which each account has once a Region; the console shows them all on one page, under several tabs. */
export function ec2Setting<State extends Json>(props: Omit<SettingProps<State>, 'eventSource' | 'console'>) {
  return accountSetting<State>({
    ...props,
    eventSource: 'ec2.amazonaws.com',
    console: '/ec2/home?region={region}#Settings:tab=dataProtectionAndSecurity',
  });
}
