import * as v from 'valibot';

const USE = v.picklist(['update', 'read']);

export const HOST_TOKEN = v.strictObject({
  /** The login. */
  name: v.string(),
  use: USE,
  /** Shown this once. */
  token: v.string(),
  endpointUrl: v.exactOptional(v.string()),
});

export const HOST_REMOVED = v.strictObject({ name: v.string() });

export const HOST_LIST = v.strictObject({
  endpointUrl: v.exactOptional(v.string()),
  hosts: v.array(
    v.strictObject({
      name: v.string(),
      use: USE,
      roles: v.array(v.string()),
      state: v.picklist(['serving', 'silent', 'expired', 'offline', 'removed', 'reads']),
      addresses: v.array(v.string()),
      /** Absent: it has no token. */
      created: v.exactOptional(v.string()),
      lastUpdate: v.exactOptional(v.string()),
      expires: v.exactOptional(v.string()),
    }),
  ),
});
