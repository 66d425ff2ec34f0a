// The tools, resources and prompts of this project, and those that the suite asks for by name in the same contracts:
// they are listed and called as all others are.
import * as z from 'zod';
import { Fault } from '../../src/core/errors.ts';
import * as ownPrompts from '../../src/prompts/index.ts';
import * as ownResources from '../../src/resources/index.ts';
import { definePrompt, type Prompt } from '../../src/tool/prompt.ts';
import { defineResource, type Resource } from '../../src/tool/resource.ts';
import type { Source } from '../../src/tool/source.ts';
import { defineTool, type Tool } from '../../src/tool/tool.ts';
import { WriteOutput } from '../../src/tool/write_output.ts';
import * as ownTools from '../../tools/index.ts';
import { AUDIO, embedded, IMAGE, said } from './blocks.ts';
import { NEED_LEGACY } from './legacy.ts';
import { NEED_MODERN } from './modern.ts';

const nothing = z.strictObject({});
const face = (name: string) => ({ name: name as Tool['name'], title: name, description: 'A fixture.', example: {} });

/** A tool that reads. */
function reads(name: string, said: (api: { progress(message: string): void }) => string): Tool {
  return defineTool({
    ...face(name),
    group: 'investigate',
    effect: 'read',
    input: nothing,
    output: z.strictObject({ said: z.string() }),
    run: async (_input, api) => ({ said: said(api) }),
    text: (value) => value.said,
  });
}

/** A tool whose answer is given as blocks. */
function shows(name: string, blocks: readonly object[]): Tool {
  return defineTool({
    ...face(name),
    group: 'investigate',
    effect: 'read',
    input: nothing,
    output: z.strictObject({ blocks: z.array(z.unknown()) }),
    run: async () => ({ blocks: [...blocks] }),
  });
}

/** A tool that writes: the write flow asks the person, whose answer is never the phrase. */
function writes(name: string): Tool {
  return defineTool({
    ...face(name),
    group: 'manage',
    effect: 'write',
    input: z.strictObject({ message: z.string().default('Go on?') }),
    output: WriteOutput(['written'], { message: z.string() }),
    targets: 'message',
    plan: async ({ message }) => ({
      phrase: 'go on',
      does: message,
      targets: [{ id: message, state: 'unwritten', untrusted: {} }],
      leftOut: [],
      current: { status: 'written' as const, message },
    }),
    commit: async ({ current }) => current,
    after: () => ({}),
  });
}

/** A tool that is listed here, and answered where the protocol is. */
function standIn(name: string): Tool {
  return { ...reads(name, () => 'This era has nothing like it.'), input: z.looseObject({}) };
}

export const tools: readonly Tool[] = [
  ...Object.values(ownTools),
  reads('test_simple_text', () => 'This is a simple text response for testing.'),
  reads('test_logging_tool', () => 'Logs are written to stderr.'),
  reads('test_error_handling', () => {
    throw new Fault('internal', 'This tool intentionally returns an error for testing.');
  }),
  reads('test_tool_with_progress', (api) => {
    for (const step of [1, 2, 3]) api.progress(`Step ${step} of 3.`);
    return 'Done.';
  }),
  shows('test_image_content', [IMAGE]),
  shows('test_audio_content', [AUDIO]),
  shows('test_embedded_resource', [embedded('test://embedded-resource')]),
  shows('test_multiple_content_types', [said('A text'), IMAGE, embedded('test://mixed-content-resource')]),
  reads('json_schema_2020_12_tool', () => 'Done.'),
  writes('test_elicitation'),
  writes('test_streaming_elicitation'),
  writes('test_input_required_result_request_state'),
  writes('test_input_required_result_tampered_state'),
  ...NEED_LEGACY.map(standIn),
  ...NEED_MODERN.map(standIn),
];

const resource = (name: string, uri: string, mimeType: string) => {
  return { name, uri: uri as Resource['uri'], title: name, description: 'A fixture.', mimeType };
};

const unchanging: Source<string, string> = {
  name: 'unchanging',
  read: async (queries) => new Map(queries.map((query) => [query, query])),
};

export const resources: readonly Resource[] = [
  ...Object.values(ownResources),
  defineResource({
    ...resource('static-text', 'test://static-text', 'text/plain'),
    params: nothing,
    read: async () => 'This is the content of the static text resource.',
  }),
  defineResource({
    ...resource('static-binary', 'test://static-binary', IMAGE.mimeType),
    params: nothing,
    read: async () => ({ blocks: [IMAGE] }),
  }),
  defineResource({
    ...resource('template', 'test://template/{id}/data', 'application/json'),
    params: z.strictObject({ id: z.string() }),
    read: async ({ id }) => ({ id, templateTest: true, data: `Data for ID: ${id}` }),
  }),
  defineResource({
    ...resource('watched-resource', 'test://watched-resource', 'text/plain'),
    params: nothing,
    read: async () => 'Watched resource content',
    changes: { source: unchanging, query: () => 'watched' },
  }),
];

const prompt = (name: string) => ({ name, title: name, description: 'A fixture.' });
const text = z.string().meta({ description: 'A text' });

export const prompts: readonly Prompt[] = [
  ...Object.values(ownPrompts),
  definePrompt({ ...prompt('test_simple_prompt'), args: nothing, text: () => 'This is a simple prompt for testing.' }),
  definePrompt({
    ...prompt('test_prompt_with_arguments'),
    args: z.strictObject({ arg1: text, arg2: text }),
    text: ({ arg1, arg2 }) => `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`,
    complete: { arg1: async () => ['test', 'testing'] },
  }),
  definePrompt({
    ...prompt('test_prompt_with_embedded_resource'),
    args: z.strictObject({ resourceUri: text }),
    text: ({ resourceUri }) => JSON.stringify({ blocks: [embedded(resourceUri)] }),
  }),
  definePrompt({
    ...prompt('test_prompt_with_image'),
    args: nothing,
    text: () => JSON.stringify({ blocks: [IMAGE] }),
  }),
  definePrompt({ ...prompt('test_input_required_result_prompt'), args: nothing, text: () => '' }),
];
