import { isObject, type JsonObject } from './json_object.ts';
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
]);

/** Names a task in `_meta`. This server has no tasks, so it passes over such a name, as the protocol wants it to. */
const RELATED_TASK = 'io.modelcontextprotocol/related-task';

/**
 * Reads params so that the schemas of the SDK, whose complaints nobody should have to read, accept the result. A member
 * that is null or an empty list is absent, because some libraries write absent members so.
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
  const read = method === 'initialize' ? introduction(params) : ofPrompts.params;
  return { params: Object.keys(meta).length === 0 ? read : { ...read, _meta: meta } };
}

/** What this server uses of the way in which a client introduces itself, whatever else there is. */
function introduction({ protocolVersion, capabilities, clientInfo }: JsonObject): JsonObject {
  const { elicitation } = presentMembers(capabilities);
  const { name, version } = presentMembers(clientInfo);
  const orUnknown = (value: unknown) => (typeof value === 'string' ? value : 'unknown');
  return {
    protocolVersion,
    capabilities: { elicitation: questionsOf(elicitation) },
    clientInfo: { name: orUnknown(name), version: orUnknown(version) },
  };
}

function questionsOf(elicitation: unknown): JsonObject | undefined {
  const form = canAskByForm(elicitation) && { form: {} };
  const url = Boolean(presentMembers(elicitation).url) && { url: {} };
  return form || url ? { ...form, ...url } : undefined;
}

/** A client that declares elicitation with anything but only `url` can ask by form. */
function canAskByForm(elicitation: unknown): boolean {
  if (!isObject(elicitation)) return Boolean(elicitation);
  const { form, url, ...others } = presentMembers(elicitation);
  return form !== false && (form !== undefined || !url || Object.keys(others).length > 0);
}

/** The members of an object that are not absent; none if it is no object. */
function presentMembers(value: unknown): JsonObject {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([, member]) => !isAbsent(member)));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function isToken(value: unknown): boolean {
  return typeof value === 'string' || Number.isSafeInteger(value);
}
