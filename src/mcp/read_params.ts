import { isAbsent, isObject, type JsonObject, presentMembers } from './json_object.ts';
import { readPromptParams } from './prompt_params.ts';

/** The members that this server reads in the params of a method. */
interface Rules {
  /** Text that has to be there. */
  readonly required?: string;
  readonly text?: readonly string[];
  readonly objects?: readonly string[];
}

const RULES: ReadonlyMap<string, Rules> = new Map<string, Rules>([
  ['initialize', { required: 'protocolVersion', objects: ['capabilities', 'clientInfo'] }],
  ['tools/list', { text: ['cursor'] }],
  ['tools/call', { required: 'name', objects: ['arguments'] }],
  ['prompts/list', { text: ['cursor'] }],
  ['prompts/get', { required: 'name', objects: ['arguments'] }],
  ['completion/complete', { objects: ['ref', 'argument', 'context'] }],
  ['resources/list', { text: ['cursor'] }],
  ['resources/templates/list', { text: ['cursor'] }],
  ['resources/read', { required: 'uri' }],
  ['resources/subscribe', { required: 'uri' }],
  ['resources/unsubscribe', { required: 'uri' }],
  ['subscriptions/listen', { objects: ['notifications'] }],
]);

/** Names a task in `_meta`. This server has no tasks, so it passes over such a name, as the protocol wants it to. */
const RELATED_TASK = 'io.modelcontextprotocol/related-task';

/**
 * Reads params so that what comes after finds the members that it needs. A member that is null or an empty list is
 * absent, because some libraries write absent members so.
 * @returns the params, or what is wrong with them, in one sentence
 */
export function readParams(method: string, value: unknown): { params?: JsonObject } | { wrong: string } {
  const { required, text = [], objects = [] }: Rules = RULES.get(method) ?? {};
  if (isAbsent(value) && required === undefined && method !== 'completion/complete') return {};
  if (!isAbsent(value) && !isObject(value)) return { wrong: 'Params must be an object.' };
  const { task: _, _meta, ...params } = presentMembers(value);
  const no = (name: string, kind: string) => ({ wrong: `Params of ${method}: ${name} must be ${kind}.` });
  if (required !== undefined && typeof params[required] !== 'string') return no(required, 'text');
  const notText = text.find((name) => name in params && typeof params[name] !== 'string');
  if (notText !== undefined) return no(notText, 'text');
  const notObject = objects.find((name) => name in params && !isObject(params[name]));
  if (notObject !== undefined) return no(notObject, 'an object');
  if (_meta !== undefined && !isObject(_meta)) return { wrong: 'Params: _meta must be an object.' };
  const { [RELATED_TASK]: __, ...meta } = presentMembers(_meta);
  if ('progressToken' in meta && !isToken(meta.progressToken)) {
    return { wrong: 'Params: progressToken must be text or a whole number.' };
  }
  const ofPrompts = readPromptParams(method, params);
  if ('wrong' in ofPrompts) return { wrong: `Params of ${method}: ${ofPrompts.wrong}.` };
  const { arguments: args, ...others } = ofPrompts.params;
  const read = isObject(args) ? { ...others, arguments: withoutPrototype(args) } : ofPrompts.params;
  return { params: Object.keys(meta).length === 0 ? read : { ...read, _meta: meta } };
}

/** The SDK drops an argument of this name, so it is dropped in every era. */
function withoutPrototype(args: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(args).filter(([name]) => name !== '__proto__'));
}

function isToken(value: unknown): boolean {
  return typeof value === 'string' || Number.isSafeInteger(value);
}
