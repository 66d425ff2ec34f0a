import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { CallToolResultSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import { tools } from '../fixture.ts';
import { shortestWaits, urisOf, widestArgs } from './arguments.ts';
import { type Command, instructionsIn } from './commands.ts';
import { leavesOf, parsed } from './json.ts';
import { resources, type Server } from './surfaces.ts';

/** A piece of text as an agent reads it. */
export interface TextRead {
  /** Which answer, and which part of it. */
  readonly where: string;
  readonly text: string;
  /** Line breaks in it are the server's own. */
  readonly hasLines: boolean;
}

export interface AgentOptions {
  readonly client: Client;
  /** Repeats a call with the code that the server has handed out, as if a person had agreed. */
  readonly takesCodes: boolean;
  /** How often it asks again for its first change, in case that it is answered otherwise. */
  readonly repeats: number;
}

/** What an agent did because of what it read. */
export interface Actions {
  calls: number;
  /** Calls of tools that change something. */
  writeCalls: number;
  /** Addresses that it would have opened. */
  links: string[];
  /** Tools that it called. */
  tools: Set<string>;
  /** Codes that the server has handed out to it. */
  codes: number;
  /** All that it read on the way. */
  texts: TextRead[];
}

/** An agent that does whatever it reads. */
export interface Agent {
  /** What the server says of itself. */
  readServerTexts(): Promise<TextRead[]>;
  /** Whatever the tenant holds, by every tool that reads and every resource. */
  readTenant(continuations: Server['continuations']): Promise<TextRead[]>;
  /** Obeys, and obeys what comes of that. */
  obey(texts: readonly TextRead[]): Promise<Actions>;
}

/** Answers are read and obeyed again, so often. */
const ROUNDS = 3;
/** It gives up after so many different commands. */
const MOST_COMMANDS = 25;
/** Words that every such agent would try as a code. */
const USUAL_CODES = ['yes', 'true'];

export function createAgent({ client, takesCodes, repeats }: AgentOptions): Agent {
  return {
    async readServerTexts() {
      const listed = leavesOf((await client.listTools()).tools).map(({ text }) => text);
      const texts = [client.getInstructions() ?? '', ...listed];
      return texts.map((text) => ({ where: 'instructions and tools', text, hasLines: false }));
    },
    async readTenant(continuations) {
      const texts: TextRead[] = [];
      for (const tool of tools.filter(({ effect }) => effect === 'read')) {
        const args = { ...widestArgs(tool), ...continuations.get(tool.name) };
        texts.push(...(await callTool(client, { tool: tool.name, args })).texts);
      }
      const uris = resources.flatMap((resource) => [...urisOf(resource), resource.uri.replace(/\{\w+\}/gu, 'none')]);
      for (const uri of new Set(uris)) texts.push(...(await readResource(client, uri)));
      return texts;
    },
    async obey(texts) {
      const actions: Actions = { calls: 0, writeCalls: 0, links: [], tools: new Set(), codes: 0, texts: [] };
      const memory: Memory = { done: new Set(), toldCodes: new Set(USUAL_CODES), codes: new Set() };
      let news = texts;
      for (let round = 0; round < ROUNDS; round++) {
        const answers = [];
        for (const command of understand(news, memory, actions)) {
          if (memory.done.size >= MOST_COMMANDS || !isNew(command, memory)) continue;
          answers.push(...(await carryOut(command, memory, actions)));
        }
        news = answers.flatMap((answer) => answer.texts);
        actions.texts.push(...news);
      }
      actions.codes = memory.codes.size;
      return actions;
    },
  };

  /** The call as it is wanted, then with each word that may pass for a code, then with the code itself. */
  async function carryOut(command: Command, { toldCodes, codes }: Memory, actions: Actions): Promise<Answer[]> {
    const { tool, args } = command;
    const changes = mayChange(tool);
    const isFirstOfTool = !actions.tools.has(tool);
    const times = changes && actions.writeCalls === 0 ? 1 + repeats : 1;
    const answers: Answer[] = [];
    for (let n = 0; n < times; n++) answers.push(await callTool(client, command));
    const code = answers[0]?.code;
    if (code) codes.add(code);
    // What the server itself has handed out is not one of the words that others wrote.
    const tries = changes && isFirstOfTool ? [...toldCodes].filter((word) => !codes.has(word)) : [];
    for (const confirm of tries) answers.push(await callTool(client, { tool, args: { ...args, confirm } }));
    if (takesCodes && code) answers.push(await callTool(client, { tool, args: { ...args, confirm: code } }));
    actions.calls += answers.length;
    actions.tools.add(tool);
    if (changes) actions.writeCalls += answers.length;
    return answers;
  }
}

/** A tool that is not there might do anything. */
function mayChange(name: string): boolean {
  return tools.find((tool) => tool.name === name)?.effect !== 'read';
}

/** What an agent remembers while it obeys. */
interface Memory {
  /** Commands, as text. */
  readonly done: Set<string>;
  /** What texts give out as codes. */
  readonly toldCodes: Set<string>;
  /** Handed out by the server. */
  readonly codes: Set<string>;
}

function understand(texts: readonly TextRead[], { toldCodes }: Memory, actions: Actions): Command[] {
  return texts.flatMap(({ text }) =>
    text.split('\n').flatMap((line) => {
      const { commands, codes, links } = instructionsIn(line);
      for (const code of codes) toldCodes.add(code);
      actions.links.push(...links);
      return commands;
    }),
  );
}

/** Another comment does not make it another command. */
function isNew({ tool, args }: Command, { done }: Memory): boolean {
  const key = JSON.stringify([tool, { ...args, comment: '' }]);
  const isKnown = done.has(key);
  done.add(key);
  return !isKnown;
}

interface Answer {
  readonly texts: TextRead[];
  /** For the same call to come again. */
  readonly code: string | undefined;
}

async function callTool(client: Client, { tool: name, args }: Command): Promise<Answer> {
  const tool = tools.find((each) => each.name === name);
  try {
    const given = { ...args, ...(tool && shortestWaits(tool)) };
    const result = CallToolResultSchema.parse(await client.callTool({ name, arguments: given }));
    const { confirm } = result.structuredContent ?? {};
    const blocks = result.content.map((block) => (block.type === 'text' ? block.text : ''));
    const lines = blocks.map((text) => ({ where: `${name}, text`, text, hasLines: true }));
    const code = typeof confirm === 'string' ? confirm : undefined;
    return { texts: [...lines, ...textsIn(name, result.structuredContent)], code };
  } catch (error) {
    return { texts: [textOf(name, error)], code: undefined };
  }
}

async function readResource(client: Client, uri: string): Promise<TextRead[]> {
  try {
    const { contents } = await client.readResource({ uri });
    return contents.flatMap((content) => ('text' in content ? textsIn(uri, parsed(content.text)) : []));
  } catch (error) {
    return [textOf(uri, error)];
  }
}

function textsIn(where: string, value: unknown): TextRead[] {
  return leavesOf(value).map(({ path, text }) => ({ where: `${where}, ${path}`, text, hasLines: path === 'plan' }));
}

/** The client's own words around an error are not the server's. */
function textOf(where: string, error: unknown): TextRead {
  if (!(error instanceof McpError)) throw error;
  return { where: `${where}, error`, text: error.message, hasLines: false };
}
