import {
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { toFault } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import type { PromptFace } from '../tool/prompt.ts';
import type { Service } from './service.ts';
import { callerOf, type Session } from './session.ts';

export interface PromptsOptions {
  readonly session: Session;
  readonly prompts: readonly PromptFace[];
  readonly service: () => Promise<Service>;
}

/** The most values of one completion (specification 2025-11-25). */
const MOST_VALUES = 100;

/** Prompts, and completions of their arguments and of the parameters of resources. */
export function addPrompts({ session, prompts, service }: PromptsOptions): void {
  const { server } = session;
  const names = prompts.map(({ name }) => name);
  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: prompts.map((face) => ({ ...face, arguments: [...face.arguments] })),
  }));
  server.setRequestHandler(GetPromptRequestSchema, async ({ params: { name, arguments: args } }) => {
    if (!names.includes(name)) throw new McpError(ErrorCode.InvalidParams, unknownName('prompt', name, names));
    try {
      const text = await (await service()).getPrompt(name, args);
      return { messages: [{ role: 'user', content: { type: 'text', text } }] };
    } catch (error) {
      throw new McpError(ErrorCode.InvalidParams, toFault(error).detail);
    }
  });
  server.setRequestHandler(CompleteRequestSchema, async ({ params: { ref, argument } }, extra) => {
    const owner = ref.type === 'ref/prompt' ? ref.name : ref.uri;
    // Nobody waits for a completion, so a failure completes nothing.
    const known = await (await service()).complete(owner, argument.name, callerOf(extra, session)).catch(() => []);
    const values = known.filter((value) => value.toLowerCase().startsWith(argument.value.toLowerCase()));
    return {
      completion: { values: values.slice(0, MOST_VALUES), total: values.length, hasMore: values.length > MOST_VALUES },
    };
  });
}
