import type { Answer } from '../call/answer.ts';
import type { Caller } from '../tool/caller.ts';
import type { Content, ResourceFace } from '../tool/resource.ts';

/** Answers the requests of clients. @throws Fault from each function; anything else is a defect */
export interface Service {
  callTool(name: string, args: unknown, caller: Caller): Promise<Answer>;
  readResource(uri: ResourceFace['uri'], params: unknown, caller: Caller): Promise<Content>;
  /** The text of a prompt, filled with its arguments. */
  getPrompt(name: string, args: unknown): Promise<string>;
  /** What an argument of a prompt, or a parameter of a resource, may be; every value that there is. */
  complete(owner: string, argument: string, caller: Caller): Promise<readonly string[]>;
  /** Calls back on each change of a resource; resolves to a function that ends the subscription. */
  subscribe(uri: ResourceFace['uri'], params: unknown, changed: () => void): Promise<() => void>;
  /** Takes the tenant's credential out of a text. */
  withhold(text: string): string;
}
