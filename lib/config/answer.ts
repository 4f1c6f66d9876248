import { isIP } from 'node:net';
import { isPublishableName, normalName } from '../model/name.ts';

export type AnswerKind = 'ipv4' | 'ipv6' | 'name';

/** What an answer for an empty name is; undefined for what can be none. */
export function answerKind(answer: string): AnswerKind | undefined {
  switch (isIP(answer)) {
    case 4:
      return 'ipv4';
    case 6:
      return answer.includes('%') ? undefined : 'ipv6';
    default:
      return isPublishableName(normalName(answer)) && !endsInNumber(answer) && !answer.includes('*')
        ? 'name'
        : undefined;
  }
}

/** No top-level domain is a number (RFC 3696 §2), so this is an address gone wrong. */
function endsInNumber(answer: string): boolean {
  return /(?:^|\.)[0-9]+\.?$/.test(answer);
}

/** IPv6 in its one recommended spelling (RFC 5952), which the URL standard writes; names in normal form. */
export function normalAnswer(answer: string): string {
  return answerKind(answer) === 'ipv6' ? new URL(`http://[${answer}]`).hostname.slice(1, -1) : normalName(answer);
}
