/** What the configuration will have and has not yet: told apart from a misspelling. Key to what it will do. */
type NotAvailableYet = Readonly<Record<string, string>>;

export const TOP_LEVEL: NotAvailableYet = {
  strictNames: 'permissions limited to the configured names',
  allowTerminate: 'terminating instances after a drain',
  endpoint: 'a dyndns2 endpoint',
  hosts: 'members outside EC2',
};

export const DEFAULTS: NotAvailableYet = {
  health: 'withdrawing sick members',
  drainOn: 'draining before an instance goes',
};

export const ROLE: NotAvailableYet = DEFAULTS;

export const ELASTIC_IP: NotAvailableYet = { ptr: 'reverse DNS of Elastic IPs' };

export const DRIFT_VALUES: NotAvailableYet = { report: 'reporting drift without repair' };

/** The message for a key (`remove it`) or a value (`use …`) of the tables above; undefined for any other word. */
export function notAvailableYet(word: unknown, table: NotAvailableYet, instead: string): string | undefined {
  if (typeof word !== 'string' || !Object.hasOwn(table, word)) return undefined;
  return `is not available yet: ${table[word]}; ${instead}`;
}
