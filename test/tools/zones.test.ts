import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { ROOT, serverOf } from '../process.ts';
import { argsFor } from '../samples.ts';

/** Half past two of this night does not exist in New York. */
const TIMES = ['2026-03-08T02:30:00', '2026-03-08T02:30:00Z', '2026-03-08T03:30:00+01:00', '2026-03-08 02:30'];

test.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati'])(
  'a time of the service without a zone is UTC, with TZ=%s too',
  async (TZ) => {
    const emulator = await createEmulator({ callsPerMinute: 0 });
    const client = new Client({ name: 'zones', version: '1.0.0' });
    const env = { TZ, MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token };
    await client.connect(new StdioClientTransport({ ...serverOf('mdca'), cwd: ROOT, env, stderr: 'ignore' }));
    try {
      const { user_id } = argsFor('mdca_get_activities');
      const { policy_id } = argsFor('mdca_get_policy');
      for (const time of TIMES) {
        for (const alert of emulator.state.alerts) Object.assign(alert, { timestamp: time, resolveTime: time });
        for (const activity of emulator.state.activities) Object.assign(activity, { timestamp: time });
        for (const policy of emulator.state.policies) Object.assign(policy, { lastModified: time });
        const answers = [
          await client.callTool({ name: 'mdca_get_open_alerts', arguments: { limit: 1 } }),
          await client.callTool({ name: 'mdca_get_activities', arguments: { user_id, limit: 1 } }),
          await client.callTool({ name: 'mdca_get_policy', arguments: { policy_id } }),
          await client.readResource({ uri: `mdca://alerts/${emulator.state.alerts[0]?._id}` }),
        ];
        for (const answer of answers) expect(JSON.stringify(answer), time).toMatch(/2026-03-08T02:30:00(?:\.000)?Z/u);
      }
    } finally {
      await client.close();
      await emulator.close();
    }
  },
);
