import { toFault } from '../core/errors.ts';
import { unknownName } from '../core/suggest.ts';
import type { Caller } from '../tool/caller.ts';
import type { PromptFace } from '../tool/prompt.ts';
import type { Outcome } from './outcome.ts';
import type { Service } from './service.ts';

interface PromptMethodsOptions {
  readonly prompts: readonly PromptFace[];
  readonly service: () => Promise<Service>;
}

type Prompted = { messages: { role: 'user'; content: { type: 'text'; text: string } }[] };

/** What somebody is typing: an argument of a prompt, or a parameter of a resource. */
interface Typing {
  /** The name of the prompt, or the URI of the resource. */
  readonly owner: string;
  readonly argument: string;
  readonly value: string;
}

type Completed = { completion: { values: string[]; total: number; hasMore: boolean } };

/** As `prompts/list` has it. Types, because the SDK takes no interface for a result. */
type ListedPrompt = Omit<PromptFace, 'arguments'> & { arguments: PromptFace['arguments'][number][] };

export interface PromptMethods {
  listPrompts(): { prompts: ListedPrompt[] };
  getPrompt(name: string, args: unknown): Promise<Outcome<Prompted>>;
  complete(typing: Typing, caller: Caller): Promise<Completed>;
}

/** The most values of one completion (specification 2025-11-25). */
const MOST_VALUES = 100;

/** Prompts, and completions of their arguments and of the parameters of resources. */
export function createPromptMethods({ prompts, service }: PromptMethodsOptions): PromptMethods {
  const names = prompts.map(({ name }) => name);
  return {
    listPrompts: () => ({ prompts: prompts.map((face) => ({ ...face, arguments: [...face.arguments] })) }),
    async getPrompt(name, args) {
      if (!names.includes(name)) return { refusal: { kind: 'invalid', message: unknownName('prompt', name, names) } };
      try {
        const text = await (await service()).getPrompt(name, args);
        return { result: { messages: [{ role: 'user', content: { type: 'text', text } }] } };
      } catch (error) {
        return { refusal: { kind: 'invalid', message: toFault(error).detail } };
      }
    },
    async complete({ owner, argument, value }, caller) {
      // Nobody waits for a completion, so a failure completes nothing.
      const known = await (await service()).complete(owner, argument, caller).catch(() => []);
      const values = known.filter((each) => each.toLowerCase().startsWith(value.toLowerCase()));
      const hasMore = values.length > MOST_VALUES;
      return { completion: { values: values.slice(0, MOST_VALUES), total: values.length, hasMore } };
    },
  };
}
