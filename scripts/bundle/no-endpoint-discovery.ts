/**
 * Stands in for `@aws-sdk/middleware-endpoint-discovery` in the bundles. The DynamoDB client makes a cache of discovered
 * endpoints when it is built, and none of the operations of DynamoDB itself ever looks into it.
 */
export function resolveEndpointDiscoveryConfig<Config extends object>(config: Config): Config {
  return config;
}

export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};
