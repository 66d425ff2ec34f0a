import type { Answer } from '../call/answer.ts';
import { faultText, toFault } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import type { Caller } from '../tool/caller.ts';
import type { PromptFace } from '../tool/prompt.ts';
import type { ResourceFace } from '../tool/resource.ts';
import { EXTENSIONS } from './apps.ts';
import { INSTRUCTIONS } from './instructions.ts';
import type { JsonObject } from './json_object.ts';
import type { Outcome, Refusal } from './outcome.ts';
import { createPromptMethods, type PromptMethods } from './prompt_methods.ts';
import { createResourceMethods, type ResourceMethods } from './resource_methods.ts';
import type { Service } from './service.ts';
import type { ListedTool } from './tool_face.ts';

export interface MethodsOptions {
  readonly version: string;
  /** All tools, in the order in which they are listed. */
  readonly tools: readonly ListedTool[];
  /** Names of the tools that may be listed and run. */
  readonly allowed: ReadonlySet<string>;
  readonly resources: readonly ResourceFace[];
  readonly prompts: readonly PromptFace[];
  /** Loads, once, the part that answers calls and reads. Listing tools and resources does not need it. */
  readonly service: () => Promise<Service>;
  /** Comes first in every answer, such as the warning that this is demo data. */
  readonly banner?: string | undefined;
}

/** The result of a tool call. */
type ToolResult = {
  readonly content: readonly { readonly type: string; readonly [member: string]: unknown }[];
  readonly structuredContent?: JsonObject;
  readonly isError?: boolean;
  readonly _meta?: { [member: string]: unknown };
};

/** The methods that clients call, with what both eras of the protocol have in common. They do not know the era. */
export interface Methods extends ResourceMethods, PromptMethods {
  readonly serverInfo: { readonly name: string; readonly title: string; readonly version: string };
  readonly capabilities: JsonObject;
  readonly instructions: string;
  /** @param mayWrite whether the caller sees the tools that change something. The same list for the same value */
  listTools(mayWrite: boolean): { readonly tools: readonly ListedTool['face'][] };
  callTool(name: string, args: unknown, caller: Caller): Promise<Outcome<ToolResult>>;
  /** Takes the tenant's credential out of a text. */
  withhold(text: string): string;
}

export function createMethods(options: MethodsOptions): Methods {
  const { version, tools, allowed, resources, prompts, banner } = options;
  const known = new Map<string, ListedTool>(tools.map((tool) => [tool.name, tool]));
  const all = tools.filter(({ name }) => allowed.has(name)).map(({ face }) => face);
  const reads = all.filter(({ name }) => known.get(name)?.effect === 'read');
  // Before the service is loaded, nothing of the tenant can leave.
  let loaded: Service | undefined;
  const service = async () => {
    loaded = await options.service();
    return loaded;
  };
  return {
    serverInfo: { name: 'defender-cloud-apps', title: 'Microsoft Defender for Cloud Apps', version },
    capabilities: {
      tools: {},
      resources: { subscribe: true },
      prompts: {},
      completions: {},
      extensions: EXTENSIONS,
    },
    instructions: [banner, INSTRUCTIONS].filter(Boolean).join('\n'),
    listTools: (mayWrite) => ({ tools: mayWrite ? all : reads }),
    async callTool(name, args, caller) {
      const tool = known.get(name);
      const mayWrite = caller.client?.identity?.mayWrite ?? true;
      if (!tool) return { refusal: unknownTool(name, mayWrite ? all : reads) };
      return callTool({ service, banner }, tool, args, caller);
    },
    ...createResourceMethods({ faces: resources, service, banner }),
    ...createPromptMethods({ prompts, service }),
    withhold: (text) => loaded?.withhold(text) ?? text,
  };
}

async function callTool(
  { service, banner }: Pick<MethodsOptions, 'service' | 'banner'>,
  tool: ListedTool,
  args: unknown,
  caller: Caller,
): Promise<Outcome<ToolResult>> {
  try {
    return { result: toResult(await (await service()).callTool(tool.name, args, caller), banner) };
  } catch (error) {
    const fault = toFault(error);
    if (fault.code === 'answer_refused') return { refusal: { kind: 'invalid', message: faultText(fault) } };
    return { result: { isError: true, ...content(faultText(fault, tool.example), banner) } };
  }
}

function toResult({ text, value, phrase }: Answer, banner: string | undefined): ToolResult {
  const result = { ...content(text, banner), structuredContent: { ...value } };
  // In `_meta`, which no model reads: it is for a page that shows the plan to a person.
  return phrase === undefined
    ? result
    : { ...result, _meta: { ...result._meta, 'defender-cloud-apps/phrase': phrase } };
}

function content(text: string, banner: string | undefined): ToolResult {
  return {
    content: [{ type: 'text', text: banner === undefined ? text : `${banner}\n${text}` }],
    ...(banner !== undefined && { _meta: { 'defender-cloud-apps/demo': true } }),
  };
}

function unknownTool(name: string, listed: readonly ListedTool['face'][]): Refusal {
  const names = listed.map((tool) => tool.name);
  return { kind: 'invalid', message: `${unknownName('tool', name, names)} Tools: ${names.join(', ')}.` };
}
