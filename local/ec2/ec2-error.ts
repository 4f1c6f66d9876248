/** A refusal with one of the codes of "Error codes for the Amazon EC2 API". */
export class Ec2Error extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Ec2Error';
    this.code = code;
  }
}

export function instanceNotFound(ids: readonly string[]): Ec2Error {
  const message =
    ids.length === 1
      ? `The instance ID '${ids[0]}' does not exist`
      : `The instance IDs '${ids.join(', ')}' do not exist`;
  return new Ec2Error('InvalidInstanceID.NotFound', message);
}

export function allocationNotFound(ids: readonly string[]): Ec2Error {
  const message =
    ids.length === 1
      ? `The allocation ID '${ids[0]}' does not exist`
      : `The allocation IDs '${ids.join(', ')}' do not exist`;
  return new Ec2Error('InvalidAllocationID.NotFound', message);
}

export function invalidParameter(message: string): Ec2Error {
  return new Ec2Error('InvalidParameterValue', message);
}
