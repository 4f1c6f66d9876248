import { CreateHealthCheckCommand, DeleteHealthCheckCommand, type Route53Client } from '@aws-sdk/client-route-53';
import type { CheckedEndpoint } from '../model/health-check.ts';
import type { Dns } from '../reconcile/ports.ts';
import { checkOutcomeOf, checkRemovalOf } from './error-codes.ts';

/** Route 53's health checks as the port has them. */
export function createHealthChecks(client: Route53Client): Pick<Dns, 'createCheck' | 'deleteCheck'> {
  return {
    async createCheck(reference, { address, type, port, path }: CheckedEndpoint) {
      const config = {
        IPAddress: address,
        Port: port,
        Type: type,
        ...(path === undefined ? {} : { ResourcePath: path }),
      };
      try {
        const command = new CreateHealthCheckCommand({ CallerReference: reference, HealthCheckConfig: config });
        const id = (await client.send(command)).HealthCheck?.Id;
        if (id !== undefined) return { kind: 'created', id };
        return { kind: 'unknown', message: 'CreateHealthCheck answered without an id' };
      } catch (error) {
        return checkOutcomeOf(error);
      }
    },
    async deleteCheck(id) {
      try {
        await client.send(new DeleteHealthCheckCommand({ HealthCheckId: id }));
        return { kind: 'done' };
      } catch (error) {
        return checkRemovalOf(error);
      }
    },
  };
}
