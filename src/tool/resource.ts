import type * as z from 'zod';
import type { Source } from './source.ts';
import type { ToolApi } from './tool.ts';

/** How a resource is listed to clients. */
export interface ResourceFace {
  /**
   * `mdca://alerts/open`, or with parameters that each stand for one segment: `mdca://alerts/{alert_id}`. A page that
   * clients show beside an answer has `ui://` (MCP Apps).
   */
  readonly uri: `mdca://${string}` | `ui://${string}`;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
}

/** Something that clients read by its URI. */
export interface Resource<Params extends z.ZodObject = z.ZodObject, Query = unknown> extends ResourceFace {
  /** The parameters of its URI. */
  readonly params: Params;
  // Methods, not properties, so that one list can hold resources with different parameters.
  /** Its content, read afresh: an object, sent as JSON, or text; a page has `page` and `_meta`. @throws Fault */
  read(params: z.output<Params>, api: ToolApi): Promise<Content>;
  /** What a parameter may be, to complete what somebody types. */
  readonly complete?: Completions;
  /** What to poll for subscribers; if absent, they hear of no change. Pages are compared by `===`. */
  readonly changes?: { readonly source: Source<Query>; query(params: z.output<Params>): Query };
}

export type Content = Readonly<Record<string, unknown>> | string;

/** Values of arguments or parameters, by name. @throws Fault */
export type Completions = Readonly<Record<string, (api: ToolApi) => Promise<readonly string[]>>>;

/** Returns its argument. It exists for type inference: the functions get the types of their parameters from it. */
export function defineResource<Params extends z.ZodObject, Query>(resource: Resource<Params, Query>): Resource {
  return resource;
}
