import { RolecallError } from '../model/errors.ts';
import { EXIT, UsageError } from './surroundings.ts';
import { lacksCredentials } from './target-address.ts';

export interface Failure {
  /** In one line, without the program's name. */
  readonly message: string;
  readonly exitCode: number;
}

/** What a person is told of an error that ended a command. */
export function failureOf(error: unknown): Failure {
  return { message: messageOf(error), exitCode: exitCodeOf(error) };
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  return lacksCredentials(error) ? EXIT.noCredentials : EXIT.failure;
}

function messageOf(error: unknown): string {
  if (error instanceof RolecallError || error instanceof UsageError) return error.message;
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return String(error);
}
