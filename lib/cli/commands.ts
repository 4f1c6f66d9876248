import type { Command } from 'commander';
import type { Surroundings } from './surroundings.ts';

/**
 * Gives a command its arguments, its flags and what it does, or its subcommands.
 *
 * @param leaveWith Sets the exit code of a run that did not fail.
 */
export type Define = (command: Command, surroundings: Surroundings, leaveWith: (code: number) => void) => void;

interface CommandEntry {
  readonly name: string;
  readonly description: string;
  /** Loaded for the one command that is asked for: all of them take longer than Node's own start. */
  readonly load: () => Promise<Define>;
}

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'status',
    description: 'show whether all is well, then roles and members, their names and addresses, and what is still to do',
    load: async () => (await import('./status.ts')).defineStatus,
  },
  {
    name: 'members',
    description: 'list the members of the roles, and how each stands',
    load: async () => (await import('./members.ts')).defineMembers,
  },
  {
    name: 'names',
    description: 'list what is published, with how long resolvers may keep an answer, and what is withheld',
    load: async () => (await import('./names.ts')).defineNames,
  },
  {
    name: 'addresses',
    description: 'list the Elastic IPs of the pools: who is entitled to each, who has it, what is idle',
    load: async () => (await import('./addresses.ts')).defineAddresses,
  },
  {
    name: 'plan',
    description: 'show what would be written now, and what is withheld and why; nothing is written',
    load: async () => (await import('./plan.ts')).definePlan,
  },
  {
    name: 'adopt',
    description: 'take over records that are there already; without --yes only shows what would be done',
    load: async () => (await import('./adopt.ts')).defineAdopt,
  },
  {
    name: 'release',
    description: 'give records up: they stay as they are, and are no longer ours',
    load: async () => (await import('./adopt.ts')).defineRelease,
  },
  {
    name: 'explain',
    description: 'explain why an instance, name or address is published or is not, with the evidence',
    load: async () => (await import('./explain.ts')).defineExplain,
  },
  {
    name: 'history',
    description: 'show what the journal has of an instance, a name, an address or a role',
    load: async () => (await import('./history.ts')).defineHistory,
  },
  {
    name: 'watch',
    description: 'show what happens as it happens, until Ctrl-C; with --json one result a line',
    load: async () => (await import('./watch.ts')).defineWatch,
  },
  {
    name: 'sweep',
    description: 'look at every instance and every zone now, and wait until what was found is worked',
    load: async () => (await import('./sweep.ts')).defineSweep,
  },
  {
    name: 'drain',
    description: 'take an instance out of its names and addresses, and wait until resolvers have forgotten it',
    load: async () => (await import('./drain.ts')).defineDrain,
  },
  {
    name: 'undrain',
    description: 'take back what rolecall drain asked',
    load: async () => (await import('./drain.ts')).defineUndrain,
  },
  {
    name: 'move',
    description: 'hand an Elastic IP of a role over to another member',
    load: async () => (await import('./move.ts')).defineMove,
  },
  {
    name: 'render',
    description: 'write the members of roles into files that machines read',
    load: async () => (await import('./render.ts')).defineRender,
  },
  {
    name: 'host',
    description: 'give hosts outside EC2, and readers of roles, tokens for the endpoint',
    load: async () => (await import('./host.ts')).defineHost,
  },
  {
    name: 'doctor',
    description:
      'look for what is wrong or will hurt: permissions, quotas, queues, TTLs, pools; exits with 1 if something is wrong',
    load: async () => (await import('./doctor.ts')).defineDoctor,
  },
  {
    name: 'config',
    description: 'check a configuration; print its JSON Schema',
    load: async () => (await import('./config.ts')).defineConfig,
  },
  {
    name: 'sim',
    description: 'make things happen in the local account that npm start runs',
    load: async () => (await import('./sim.ts')).defineSim,
  },
];
