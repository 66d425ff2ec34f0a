import { isObject, type JsonObject } from './json_object.ts';

/**
 * Reads the params of the methods of prompts, whose members have members, so that the SDK's schemas accept them.
 * @returns the params, or what is wrong with them, as the end of a sentence; params of other methods as they are
 */
export function readPromptParams(method: string, params: JsonObject): { params: JsonObject } | { wrong: string } {
  if (method === 'prompts/get') return readArguments(params);
  if (method === 'completion/complete') return isCompletion(params) ? { params } : { wrong: WRONG_COMPLETION };
  return { params };
}

const WRONG_COMPLETION = 'ref must name a prompt or a resource, and argument must have a name and a value as text';

/** Numbers and booleans become text: the protocol knows nothing else, but clients send them. */
function readArguments(params: JsonObject): { params: JsonObject } | { wrong: string } {
  if (!isObject(params.arguments)) return { params };
  const entries = Object.entries(params.arguments).filter(([, value]) => value !== null);
  if (entries.some(([, value]) => typeof value === 'object')) return { wrong: 'each of the arguments must be text' };
  return {
    params: { ...params, arguments: Object.fromEntries(entries.map(([name, value]) => [name, String(value)])) },
  };
}

function isCompletion({ ref, argument }: JsonObject): boolean {
  if (!isObject(ref) || !isObject(argument)) return false;
  const isKnown =
    (ref.type === 'ref/prompt' && typeof ref.name === 'string') ||
    (ref.type === 'ref/resource' && typeof ref.uri === 'string');
  return isKnown && typeof argument.name === 'string' && typeof argument.value === 'string';
}
