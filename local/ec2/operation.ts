import type { Ec2Model } from './model.ts';
import type { QueryForm } from './query-form.ts';

/** Carries one operation out; the answer is what stands inside its response element. Throws `Ec2Error`. */
export type Operation = (form: QueryForm, model: Ec2Model) => string;
