// Fixtures of revision 2026-07-28 that ask the client for what no tool of this project asks it for. They stand before
// the server of that era, so they go through the door, its check of headers and the check of requests.
import { isObject, type JsonObject } from '../../src/mcp/json_object.ts';
import type { Methods } from '../../src/mcp/methods.ts';
import type { ModernRequest } from '../../src/mcp/modern/request.ts';
import { createModernServer, type ModernServer } from '../../src/mcp/modern/server.ts';
import { type Note, said } from './blocks.ts';

type Outcome = { readonly result: object } | { readonly error: { code: number; message: string; data?: object } };
type Fixture = (request: ModernRequest) => Outcome;
type Fixtures = Readonly<Record<string, Fixture>>;

const form = (message: string, name: string) => ({
  method: 'elicitation/create',
  params: {
    message,
    requestedSchema: { type: 'object', properties: { [name]: { type: 'string' } }, required: [name] },
  },
});
const sampling = {
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: said('What is the capital of France?') }], maxTokens: 100 },
};
const roots = { method: 'roots/list', params: {} };

const done: Outcome = { result: { resultType: 'complete', content: [said('Done.')] } };

/** Asks until each question has an answer that is an object. */
function asks(inputRequests: Readonly<Record<string, object>>, requestState?: string, then: Outcome = done): Fixture {
  return ({ params: { inputResponses } }) => {
    const given: JsonObject = isObject(inputResponses) ? inputResponses : {};
    if (Object.keys(inputRequests).every((name) => isObject(given[name]))) return then;
    return { result: { resultType: 'input_required', inputRequests, ...(requestState && { requestState }) } };
  };
}

const first = asks({ step1: form('What is your name?', 'name') }, 'after step 1');
const second = asks({ step2: form('What is your favorite color?', 'color') }, 'after step 2');

const calls: Fixtures = {
  test_input_required_result_elicitation: asks({ user_name: form('What is your name?', 'name') }),
  test_input_required_result_sampling: asks({ capital_question: sampling }),
  test_input_required_result_list_roots: asks({ client_roots: roots }),
  test_input_required_result_multiple_inputs: asks(
    { user_name: form('What is your name?', 'name'), greeting: sampling, client_roots: roots },
    'all at once',
  ),
  test_input_required_result_multi_round: (request) =>
    (request.params.requestState === undefined ? first : second)(request),
  test_input_required_result_capabilities: (request) =>
    asks('elicitation' in request.capabilities ? { name: form('What is your name?', 'name') } : { greeting: sampling })(
      request,
    ),
  test_missing_capability: ({ capabilities }) => {
    const data = { requiredCapabilities: { sampling: {} } };
    return 'sampling' in capabilities ? done : { error: { code: -32_021, message: 'This needs sampling.', data } };
  },
};

const prompted: Outcome = {
  result: { resultType: 'complete', messages: [{ role: 'user', content: said('A prompt with a context.') }] },
};
const prompts: Fixtures = {
  test_input_required_result_prompt: asks(
    { user_context: form('What is the context?', 'context') },
    undefined,
    prompted,
  ),
};

const FIXTURES: ReadonlyMap<string, Fixtures> = new Map([
  ['tools/call', calls],
  ['prompts/get', prompts],
]);

export const NEED_MODERN = Object.keys(calls);

/** As `createModernServer`, with the fixtures. */
export function modernServer(methods: Methods, note: Note): ModernServer {
  const server = createModernServer(methods);
  return {
    ...server,
    async answer(request, exchange) {
      const name = String(request.params.name);
      const fixture = FIXTURES.get(request.method)?.[name];
      if (!fixture) return server.answer(request, exchange);
      note(name);
      return { jsonrpc: '2.0', id: request.id, ...fixture(request) };
    },
  };
}
