import { expect, test } from 'vitest';
import { faceOf } from '../../../src/mcp/tool_face.ts';
import { withDoor } from '../../door.ts';
import { tools } from '../../fixture.ts';

/** What Copilot Studio sends (a report of 2025): an old revision, ids as text, members of its own. */
const CONVERSATION = [
  {
    jsonrpc: '2.0',
    id: '1',
    method: 'initialize',
    params: {
      capabilities: {},
      clientInfo: {
        agentName: 'Security triage',
        appId: '00000000-0000-0000-0000-000000000000',
        cdsBotId: '00000000-0000-0000-0000-000000000000',
        channelId: 'pva-studio',
        name: 'mcs',
        version: '1.0.0',
      },
      protocolVersion: '2024-11-05',
      sessionContext: {},
    },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
  { jsonrpc: '2.0', id: '2', method: 'tools/list', params: {} },
  { jsonrpc: '2.0', id: '3', method: 'tools/call', params: { name: 'mdca_get_open_alerts', arguments: { limit: 2 } } },
  {
    jsonrpc: '2.0',
    id: '4',
    method: 'tools/call',
    params: { name: 'mdca_list_alerts', arguments: { severity: ['hihg'] }, _meta: { progressToken: null } },
  },
];

test('a conversation of Copilot Studio is answered in plain JSON throughout', () =>
  withDoor(async ({ post }) => {
    let session: Record<string, string> = {};
    const answers: unknown[] = [];
    for (const message of CONVERSATION) {
      const answer = await post(message, session);
      const id = answer.headers.get('mcp-session-id');
      if (id !== null) session = { 'mcp-session-id': id };
      if (!('id' in message)) {
        expect(answer.status).toBe(202);
        continue;
      }
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('application/json');
      answers.push(await answer.json());
    }
    expect(answers).toMatchObject([
      { id: '1', result: { protocolVersion: '2024-11-05' } },
      { id: '2', result: { tools: tools.map(({ name }) => ({ name })) } },
      { id: '3', result: { structuredContent: { returned: 2 } } },
      // It reads the words of an enumeration as any text, so the error names them.
      { id: '4', result: { isError: true, content: [{ text: expect.stringMatching(/"high"/) }] } },
    ]);
  }));

test.each(tools.map((tool) => [tool.name, faceOf(tool)] as const))(
  '%s has nothing that Copilot Studio drops or breaks on',
  (_name, face) => {
    const nodes: unknown[] = [face.inputSchema, face.outputSchema];
    for (const node of nodes) {
      if (typeof node !== 'object' || node === null) continue;
      expect(node).not.toHaveProperty('$ref');
      for (const [key, value] of Object.entries(node)) {
        if (key === 'type') expect(Array.isArray(value), 'a list of types').toBe(false);
        if (key === 'exclusiveMinimum' || key === 'exclusiveMaximum') expect(value).not.toBeTypeOf('number');
        nodes.push(value);
      }
    }
  },
);
