/** A failed assertion, or an error of the language: whatever a service answers, and however late, is no reason for one. */
const OWN_FAULTS = /This is a bug in Rolecall|\b(?:Type|Range|Reference)Error: /;

/** Whether what a Lambda logs, or fails with, tells of a mistake in its own code. */
export function isOwnFault(text: string): boolean {
  return OWN_FAULTS.test(text);
}
