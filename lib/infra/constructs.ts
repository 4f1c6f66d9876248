/** `rolecall/cdk`: for a CDK app of one's own. */
export { type ConfiguredProps, type HookProps, type OpenZoneProps, Rolecall, type RolecallProps } from './rolecall.ts';
export type { AlarmName } from './alarms.ts';
export type { MonitoringProps } from './monitoring.ts';
export { RolecallStack, type RolecallStackProps } from './rolecall-stack.ts';
