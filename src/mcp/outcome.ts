import type { JsonObject } from './json_object.ts';

/** What a method answers: a result, or why there is none. */
export type Outcome<Result> = { readonly result: Result } | { readonly refusal: Refusal };

/** Each era has its own codes for what went wrong. */
export interface Refusal {
  readonly kind: 'invalid' | 'no_such_resource' | 'internal';
  readonly message: string;
  readonly data?: JsonObject;
}
