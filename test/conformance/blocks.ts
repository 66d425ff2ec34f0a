import type { Methods } from '../../src/mcp/methods.ts';
import { SCHEMA } from './schema.ts';

/** A PNG of one red pixel. */
export const IMAGE = {
  type: 'image',
  mimeType: 'image/png',
  data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
} as const;

/** A WAV of one sample. */
export const AUDIO = {
  type: 'audio',
  mimeType: 'audio/wav',
  data: 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=',
} as const;

export function embedded(uri: string) {
  const resource = { uri, mimeType: 'text/plain', text: 'This is an embedded resource content.' };
  return { type: 'resource', resource } as const;
}

export function said(text: string) {
  return { type: 'text', text } as const;
}

interface Block {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** Is told the name of each fixture that was answered by other means than those of the product. */
export type Note = (name: string) => void;

/**
 * Answers of this project are text and a value, and its prompts and resources are text. Where a value or a text is
 * `{"blocks": [...]}`, these are sent in place of it, after dispatch.
 */
export function withBlocks(methods: Methods, note: Note): Methods {
  return {
    ...methods,
    listTools(mayWrite) {
      const { tools } = methods.listTools(mayWrite);
      return { tools: tools.map((tool) => (tool.name in SCHEMA ? { ...tool, inputSchema: SCHEMA[tool.name] } : tool)) };
    },
    async callTool(name, args, caller) {
      const outcome = await methods.callTool(name, args, caller);
      const blocks = 'result' in outcome ? blocksOf(outcome.result.structuredContent) : undefined;
      if (!blocks) return outcome;
      note(name);
      return { result: { content: blocks } };
    },
    async readResource(uri, caller) {
      const outcome = await methods.readResource(uri, caller);
      const [content] = 'result' in outcome ? outcome.result.contents : [];
      const [block] = blocksIn(content?.text) ?? [];
      if (!block) return outcome;
      note(uri);
      return { result: { contents: [{ uri, mimeType: block.mimeType, blob: block.data }] } };
    },
    async getPrompt(name, args) {
      const outcome = await methods.getPrompt(name, args);
      const [message] = 'result' in outcome ? outcome.result.messages : [];
      const [content] = blocksIn(message?.content.text) ?? [];
      if (!content) return outcome;
      note(name);
      return { result: { messages: [{ role: 'user', content }] } };
    },
  } as Methods;
}

function blocksOf(value: unknown): readonly Block[] | undefined {
  return typeof value === 'object' && value !== null && 'blocks' in value ? (value.blocks as Block[]) : undefined;
}

function blocksIn(text: string | undefined): readonly Block[] | undefined {
  return text?.startsWith('{"blocks"') ? blocksOf(JSON.parse(text)) : undefined;
}
