import type * as z from 'zod';
import type { Source } from './source.ts';
import type { ToolApi } from './tool.ts';

/** How a resource is shown to clients. */
export interface ResourceFace {
  /** `mdca://alerts/open`, or with parameters that each stand for one segment: `mdca://alerts/{alert_id}`. */
  readonly uri: `mdca://${string}`;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
}

/** Something that clients read by its URI. */
export interface Resource<Params extends z.ZodObject = z.ZodObject, Query = unknown> extends ResourceFace {
  /** The parameters of its URI. */
  readonly params: Params;
  // Methods, not properties: only so can resources with different parameters stand in one list.
  /** Its content as an object, read afresh. @throws Fault */
  read(params: z.output<Params>, api: ToolApi): Promise<Readonly<Record<string, unknown>>>;
  /** What to watch for subscribers; absent where nobody can subscribe. Its pages are compared by `===`. */
  readonly changes?: { readonly source: Source<Query>; query(params: z.output<Params>): Query };
}

/** The identity, for the types: lets the functions know their parameters. */
export function defineResource<Params extends z.ZodObject, Query>(resource: Resource<Params, Query>): Resource {
  return resource;
}
