import * as z from 'zod';
import { addIpRange, IpRangeChange, NEW_IP_RANGE, planIpRange } from '../src/defender/ip_ranges/add_ip_range.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_add_ip_range',
  group: 'manage',
  title: 'Add an IP range',
  description:
    'Names an IP range, such as a VPN, for the tenant; alerts may then no longer be raised. It cannot be ' +
    'removed here.',
  effect: 'destroy',
  input: z.strictObject(NEW_IP_RANGE),
  output: IpRangeChange,
  example: { name: 'Branch office Oslo', category: 'vpn', subnets: ['<address>/<prefix>'] },
  targets: 'name',
  plan: (input, api) => planIpRange(api, input),
  commit: (approved, input, api) => addIpRange(api, approved, input),
  after: ({ status, ip_range }) => ({ [ip_range?.name ?? 'ip_range']: status }),
});
