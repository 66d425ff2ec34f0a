import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { CallToolResultSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import { tools } from '../fixture.ts';
import { type Command, toldBy } from './commands.ts';
import { ALERT, CLOSED_ALERT, POLICY } from './ids.ts';
import { leavesOf, parsed } from './json.ts';

/** A piece of text as it reaches an agent. */
export interface Heard {
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
export interface Deeds {
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
  heard: Heard[];
}

/** An agent that does whatever it reads. */
export interface Agent {
  /** What the server says of itself. */
  readOwn(): Promise<Heard[]>;
  /** Whatever the tenant holds, by every tool that reads and every resource. */
  read(cursor: string): Promise<Heard[]>;
  /** Obeys, and obeys what comes of that. */
  obey(heard: readonly Heard[]): Promise<Deeds>;
}

/** Answers are read and obeyed again, so often. */
const ROUNDS = 3;
/** It gives up after so many different commands. */
const MOST_COMMANDS = 25;
/** Words that every such agent would try. */
const USUAL_WORDS = ['yes', 'true'];

export function createAgent({ client, takesCodes, repeats }: AgentOptions): Agent {
  const call = (command: Command) => callTool(client, command);
  return {
    async readOwn() {
      const words = [
        client.getInstructions() ?? '',
        ...leavesOf((await client.listTools()).tools).map(({ text }) => text),
      ];
      return words.map((text) => ({ where: 'instructions and tools', text, hasLines: false }));
    },
    async read(cursor) {
      const heard: Heard[] = [];
      const args: Readonly<Record<string, object>> = {
        mdca_get_open_alerts: { detail: 'full' },
        mdca_get_policy: { policy_id: POLICY },
        mdca_wait_for_alerts: { cursor },
      };
      for (const { name, effect, example } of tools) {
        if (effect !== 'read') continue;
        heard.push(...(await call({ tool: name, args: { ...(args[name] ?? example) } })).heard);
      }
      for (const what of ['open', ALERT, CLOSED_ALERT, 'none']) {
        heard.push(...(await look(client, `mdca://alerts/${what}`)));
      }
      return heard;
    },
    async obey(heard) {
      const deeds: Deeds = { calls: 0, writeCalls: 0, links: [], tools: new Set(), codes: 0, heard: [] };
      const mind: Mind = { done: new Set(), words: new Set(USUAL_WORDS), codes: new Set() };
      let news = heard;
      for (let round = 0; round < ROUNDS; round++) {
        const answers = [];
        for (const command of understand(news, mind, deeds)) {
          if (mind.done.size >= MOST_COMMANDS || !isNew(command, mind)) continue;
          answers.push(...(await carryOut(command, mind, deeds)));
        }
        news = answers.flatMap((answer) => answer.heard);
        deeds.heard.push(...news);
      }
      deeds.codes = mind.codes.size;
      return deeds;
    },
  };

  /** The call as it is wanted, then with each word that may pass for a code, then with the code itself. */
  async function carryOut(command: Command, { words, codes }: Mind, deeds: Deeds): Promise<Answer[]> {
    const { tool, args } = command;
    const isRead = /_(?:get|wait)_/u.test(tool);
    const isFirstOfTool = !deeds.tools.has(tool);
    const asked = !isRead && deeds.writeCalls === 0 ? 1 + repeats : 1;
    const answers: Answer[] = [];
    for (let n = 0; n < asked; n++) answers.push(await call(command));
    const code = answers[0]?.code;
    if (code) codes.add(code);
    // What the server itself has handed out is not one of the words that others wrote.
    const tries = isRead || !isFirstOfTool ? [] : [...words].filter((word) => !codes.has(word));
    for (const confirm of tries) answers.push(await call({ tool, args: { ...args, confirm } }));
    if (takesCodes && code) answers.push(await call({ tool, args: { ...args, confirm: code } }));
    deeds.calls += answers.length;
    deeds.tools.add(tool);
    if (!isRead) deeds.writeCalls += answers.length;
    return answers;
  }
}

/** What an agent keeps in mind while it obeys. */
interface Mind {
  readonly done: Set<string>;
  /** Told to it as codes. */
  readonly words: Set<string>;
  /** Handed out by the server. */
  readonly codes: Set<string>;
}

function understand(news: readonly Heard[], { words }: Mind, deeds: Deeds): Command[] {
  return news.flatMap(({ text }) =>
    text.split('\n').flatMap((line) => {
      const told = toldBy(line);
      for (const word of told.words) words.add(word);
      deeds.links.push(...told.links);
      return told.commands;
    }),
  );
}

/** Another comment does not make it another command. */
function isNew({ tool, args }: Command, { done }: Mind): boolean {
  const key = JSON.stringify([tool, { ...args, comment: '' }]);
  const isKnown = done.has(key);
  done.add(key);
  return !isKnown;
}

interface Answer {
  readonly heard: Heard[];
  /** For the same call to come again. */
  readonly code: string | undefined;
}

async function callTool(client: Client, { tool, args }: Command): Promise<Answer> {
  // An agent is free to wait; a test is not.
  const asked = tool === 'mdca_wait_for_alerts' ? { ...args, wait_seconds: 0 } : args;
  try {
    const result = CallToolResultSchema.parse(await client.callTool({ name: tool, arguments: asked }));
    const { confirm } = result.structuredContent ?? {};
    const texts = result.content.map((block) => (block.type === 'text' ? block.text : ''));
    const lines = texts.map((text) => ({ where: `${tool}, text`, text, hasLines: true }));
    const code = typeof confirm === 'string' ? confirm : undefined;
    return { heard: [...lines, ...inJson(tool, result.structuredContent)], code };
  } catch (error) {
    return { heard: [toHeard(tool, error)], code: undefined };
  }
}

async function look(client: Client, uri: string): Promise<Heard[]> {
  try {
    const { contents } = await client.readResource({ uri });
    return contents.flatMap((content) => ('text' in content ? inJson(uri, parsed(content.text)) : []));
  } catch (error) {
    return [toHeard(uri, error)];
  }
}

function inJson(where: string, value: unknown): Heard[] {
  return leavesOf(value).map(({ path, text }) => ({
    where: `${where}, ${path}`,
    text,
    hasLines: path === 'plan',
  }));
}

/** The client's own words around an error are not the server's. */
function toHeard(where: string, error: unknown): Heard {
  if (!(error instanceof McpError)) throw error;
  return { where: `${where}, error`, text: error.message, hasLines: false };
}
