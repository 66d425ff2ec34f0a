import type * as z from 'zod';
import type { Completions } from './resource.ts';

/** How a prompt is listed to clients. */
export interface PromptFace {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly arguments: readonly PromptArgument[];
}

interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
}

/** A plan for the agent that a person picks in the client. It proposes changes, and makes none. */
export interface Prompt<Args extends z.ZodObject = z.ZodObject>
  extends Pick<PromptFace, 'name' | 'title' | 'description'> {
  /** Each has a description; a default stands for one that is left out. */
  readonly args: Args;
  // A method, not a property, so that one list can hold prompts with different arguments.
  text(args: z.output<Args>): string;
  readonly complete?: Completions;
}

/** Returns its argument. It exists for type inference. */
export function definePrompt<Args extends z.ZodObject>(prompt: Prompt<Args>): Prompt {
  return prompt;
}

export function toPromptFace({ name, title, description, args }: Prompt): PromptFace {
  const list = Object.entries(args.shape).map(([argument, schema]) => ({
    name: argument,
    description: schema.meta()?.description ?? '',
    required: !schema.safeParse(undefined).success,
  }));
  return { name, title, description, arguments: list };
}
