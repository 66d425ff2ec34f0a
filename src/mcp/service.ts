import type { Answer } from '../call/answer.ts';
import type { Caller } from '../tool/caller.ts';
import type { ResourceFace } from '../tool/resource.ts';

/** Answers the requests of clients. Each function rejects with a Fault, and with nothing else. */
export interface Service {
  callTool(name: string, args: unknown, caller: Caller): Promise<Answer>;
  readResource(uri: ResourceFace['uri'], params: unknown, caller: Caller): Promise<Answer['value']>;
  /** Calls back on each change of a resource; resolves to the end of it. */
  subscribe(uri: ResourceFace['uri'], params: unknown, changed: () => void): Promise<() => void>;
}
