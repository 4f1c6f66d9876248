import { invalid } from './error.ts';

/** `coefficient × 10^exponent`, the coefficient without trailing zeros: one form for each number. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** "Number: up to 38 digits of precision, 1E-130 to 9.9…E+125" (Naming rules and data types, DynamoDB Developer Guide). */
const MAX_DIGITS = 38;
const MAX_MAGNITUDE = 125;
const MIN_MAGNITUDE = -130;

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

/** Reads what a request gives as a number; throws a ValidationException for what DynamoDB cannot hold. */
export function parseDecimal(text: string): Decimal {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = FORM.exec(text) ?? [];
  if (whole === '' && fraction === '') {
    throw invalid(`The parameter cannot be converted to a numeric value: ${text}`);
  }
  const magnitude = BigInt(whole + fraction);
  return normal(sign === '-' ? -magnitude : magnitude, Number(exponent) - fraction.length);
}

function normal(coefficient: bigint, exponent: number): Decimal {
  if (coefficient === 0n) return { coefficient: 0n, exponent: 0 };
  const digits = String(coefficient).replace('-', '');
  const zeros = digits.length - digits.replace(/0+$/, '').length;
  const magnitude = exponent + digits.length - 1;
  if (digits.length - zeros > MAX_DIGITS) {
    throw invalid('Attempting to store more than 38 significant digits in a Number');
  }
  if (magnitude > MAX_MAGNITUDE) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitude < MIN_MAGNITUDE) {
    throw invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  return { coefficient: coefficient / 10n ** BigInt(zeros), exponent: exponent + zeros };
}

/** Plain digits, without leading or trailing zeros, as DynamoDB answers. */
export function formatDecimal({ coefficient, exponent }: Decimal): string {
  const sign = coefficient < 0n ? '-' : '';
  const digits = String(coefficient < 0n ? -coefficient : coefficient);
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  const padded = digits.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

function aligned(one: Decimal, other: Decimal): { one: bigint; other: bigint; exponent: number } {
  const exponent = Math.min(one.exponent, other.exponent);
  return {
    one: one.coefficient * 10n ** BigInt(one.exponent - exponent),
    other: other.coefficient * 10n ** BigInt(other.exponent - exponent),
    exponent,
  };
}

export function addDecimals(one: Decimal, other: Decimal): Decimal {
  const same = aligned(one, other);
  return normal(same.one + same.other, same.exponent);
}

export function subtractDecimals(one: Decimal, other: Decimal): Decimal {
  const same = aligned(one, other);
  return normal(same.one - same.other, same.exponent);
}

export function compareDecimals(one: Decimal, other: Decimal): number {
  const same = aligned(one, other);
  return same.one < same.other ? -1 : same.one > same.other ? 1 : 0;
}
