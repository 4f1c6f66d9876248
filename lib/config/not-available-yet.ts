/** What the configuration will have and has not yet: told apart from a misspelling. Key to what it will do. */
type NotAvailableYet = Readonly<Record<string, string>>;

export const TOP_LEVEL: NotAvailableYet = {
  openRoles: 'roles that need no entry of their own',
  strictNames: 'permissions limited to the configured names',
  allowTerminate: 'terminating instances after a drain',
  allowLargeChange: 'large changes in one step',
  endpoint: 'a dyndns2 endpoint',
  hosts: 'members outside EC2',
};

export const DEFAULTS: NotAvailableYet = {
  health: 'withdrawing sick members',
  drainOn: 'draining before an instance goes',
};

export const ROLE: NotAvailableYet = {
  ...DEFAULTS,
  aliases: 'CNAME records to the role’s first name',
  srv: 'SRV records of a role',
  mx: 'MX records of a role',
  holders: 'roles with a limited number of holders',
  succession: 'roles with a limited number of holders',
  allow: 'limits on who may claim a role',
};

export const NAME: NotAvailableYet = {
  routing: 'multivalue and weighted routing',
  ptr: 'PTR records to a name',
};

export const ELASTIC_IP: NotAvailableYet = {
  preferZone: 'preferring the availability zone of the last holder',
  ptr: 'reverse DNS of Elastic IPs',
};

export const DRIFT_VALUES: NotAvailableYet = { report: 'reporting drift without repair' };
export const ADDRESS_VALUES: NotAvailableYet = { 'ec2-name': 'a CNAME to the EC2 name of the instance' };
export const SUCCESSION_VALUES: NotAvailableYet = {
  newest: 'succession of the newest member',
  priority: 'succession by the tag rolecall:priority',
};

/** The message for a key (`remove it`) or a value (`use …`) of the tables above; undefined for any other word. */
export function notAvailableYet(word: unknown, table: NotAvailableYet, instead: string): string | undefined {
  if (typeof word !== 'string' || !Object.hasOwn(table, word)) return undefined;
  return `is not available yet: ${table[word]}; ${instead}`;
}
