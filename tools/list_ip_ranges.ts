import * as z from 'zod';
import { CATEGORIES } from '../src/defender/ip_ranges/ip_range.ts';
import { IpRanges, ipRangesText, listIpRanges } from '../src/defender/ip_ranges/list_ip_ranges.ts';
import { limit } from '../src/defender/shared/arguments.ts';
import { ipAddress } from '../src/defender/shared/ip_argument.ts';
import { cursor } from '../src/defender/shared/list_cursor.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_list_ip_ranges',
  group: 'investigate',
  title: 'List IP ranges',
  description: 'Lists the IP ranges that the tenant has named, or those that hold an address.',
  effect: 'read',
  input: z.strictObject({
    ip: ipAddress.optional().meta({ description: 'Which range holds it' }),
    category: z.enum(CATEGORIES).optional().meta({ description: 'Category' }),
    limit,
    cursor,
  }),
  output: IpRanges,
  example: { category: 'vpn' },
  text: ipRangesText,
  run: (input, api) => listIpRanges(api, input),
});
