import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { Fault } from '../core/errors.ts';
import type { Deliveries } from '../watch/deliveries.ts';
import { hashOf, type KeyOf } from './keys.ts';
import type { RedisLink } from './link.ts';

/** KEYS: mark of a known one. ARGV: ms for which it is kept, channel, message */
const TAKE = `
if not redis.call('SET', KEYS[1], 1, 'NX', 'PX', ARGV[1]) then return 0 end
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1`;

/** A flow tries again for hours at most, ms. */
const KEPT_MS = 7 * 24 * 3_600_000;
const Message = z.object({ from: z.string(), item: z.unknown() });

/**
 * Of all processes of a tenant: each is given what any of them takes. One that misses it, because it cannot reach Redis
 * just then, finds it by polling.
 * @param deliver is given each new item
 */
export function createRedisDeliveries(link: RedisLink, keyOf: KeyOf, deliver: (item: unknown) => void): Deliveries {
  const id = randomUUID();
  const channel = keyOf('delivered');
  link.subscribe(channel, (text) => {
    const { from, item } = Message.parse(JSON.parse(text));
    if (from !== id) deliver(item);
  });
  return {
    async take(name, item) {
      const message = JSON.stringify({ from: id, item });
      const isNew = await link.run(TAKE, [keyOf('delivery', hashOf(name))], [KEPT_MS, channel, message]).catch(() => {
        throw new Fault('store_away', 'Redis cannot be reached, so it cannot be told whether the alert came before.');
      });
      if (isNew === 1) deliver(item);
      return isNew === 1;
    },
  };
}
