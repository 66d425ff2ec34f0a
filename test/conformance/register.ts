// The fixtures of the suite that the contracts of this project can express: they go the way of every tool, resource
// and prompt.
import * as z from 'zod';
import { Fault } from '../../src/core/errors.ts';
import { definePrompt, type Prompt } from '../../src/tool/prompt.ts';
import { defineResource, type Resource } from '../../src/tool/resource.ts';
import type { Source } from '../../src/tool/source.ts';
import { defineTool, type Tool } from '../../src/tool/tool.ts';
import { WriteOutput } from '../../src/tool/write_output.ts';

/** The names and URIs are the suite's, so they do not begin as those of the product do. */
const named = (name: string) => name as Tool['name'];
const at = (uri: string) => uri as Resource['uri'];

const Said = z.strictObject({ said: z.string() });
const reading = { group: 'investigate', effect: 'read', input: z.strictObject({}), output: Said, example: {} } as const;

const simpleText = defineTool({
  ...reading,
  name: named('test_simple_text'),
  title: 'Text',
  description: 'Returns a text.',
  run: async () => ({ said: 'This is a simple text response for testing.' }),
  text: ({ said }) => said,
});

const failing = defineTool({
  ...reading,
  name: named('test_error_handling'),
  title: 'Error',
  description: 'Fails.',
  run: async () => {
    throw new Fault('internal', 'This tool intentionally returns an error for testing.');
  },
});

const progressing = defineTool({
  ...reading,
  name: named('test_tool_with_progress'),
  title: 'Progress',
  description: 'Reports progress three times.',
  async run(_input, api) {
    for (const step of [1, 2, 3]) api.progress(`Step ${step} of 3.`);
    return { said: 'Done.' };
  },
});

/** A write: the write flow asks the person, whose answer is not the phrase. */
const asking = defineTool({
  name: named('test_elicitation'),
  group: 'manage',
  title: 'Question',
  description: 'Asks the person at the client, and writes nothing.',
  effect: 'write',
  input: z.strictObject({ message: z.string() }),
  output: WriteOutput(['written'], { message: z.string() }),
  example: { message: 'Go on?' },
  targets: 'message',
  plan: async ({ message }) => ({
    phrase: 'write it',
    does: message,
    targets: [{ id: message, state: 'unwritten', untrusted: {} }],
    leftOut: [],
    current: { status: 'written' as const, message },
  }),
  commit: async (approved) => approved.current,
  after: () => ({}),
});

const text = defineResource({
  uri: at('test://static-text'),
  name: 'static-text',
  title: 'Text',
  description: 'A text.',
  mimeType: 'text/plain',
  params: z.strictObject({}),
  read: async () => 'This is the content of the static text resource.',
});

const template = defineResource({
  uri: at('test://template/{id}/data'),
  name: 'template',
  title: 'Template',
  description: 'JSON with a parameter of the URI.',
  mimeType: 'application/json',
  params: z.strictObject({ id: z.string() }),
  read: async ({ id }) => ({ id, templateTest: true, data: `Data for ID: ${id}` }),
});

const unchanging: Source<string, string> = {
  name: 'unchanging',
  read: async (queries) => new Map(queries.map((query) => [query, query])),
};

const watched = defineResource({
  uri: at('test://watched-resource'),
  name: 'watched-resource',
  title: 'Watched',
  description: 'A text that is polled for subscribers.',
  mimeType: 'text/plain',
  params: z.strictObject({}),
  read: async () => 'Watched resource content',
  changes: { source: unchanging, query: () => 'watched' },
});

const simplePrompt = definePrompt({
  name: 'test_simple_prompt',
  title: 'Simple',
  description: 'Has no arguments.',
  args: z.strictObject({}),
  text: () => 'This is a simple prompt for testing.',
});

const promptWithArguments = definePrompt({
  name: 'test_prompt_with_arguments',
  title: 'Arguments',
  description: 'Has two arguments.',
  args: z.strictObject({
    arg1: z.string().meta({ description: 'First' }),
    arg2: z.string().meta({ description: 'Second' }),
  }),
  text: ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
  complete: { arg1: async () => ['test', 'testing'] },
});

export const tools: readonly Tool[] = [simpleText, failing, progressing, asking];
export const resources: readonly Resource[] = [text, template, watched];
export const prompts: readonly Prompt[] = [simplePrompt, promptWithArguments];
