import * as z from 'zod';
import { Fault } from '../core/errors.ts';
import { createLocalDeliveries, type Deliveries } from '../watch/deliveries.ts';
import { hashOf, type KeyOf } from './keys.ts';
import type { RedisLink } from './link.ts';

/** KEYS: mark of a known one. ARGV: ms for which it is kept, channel, message */
const TAKE = `
if not redis.call('SET', KEYS[1], 1, 'NX', 'PX', ARGV[1]) then return 0 end
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1`;

/** A flow tries again for hours at most, ms. */
const KEPT_MS = 7 * 24 * 3_600_000;
const Message = z.object({ name: z.string(), item: z.unknown() });

/**
 * Of all processes of a tenant: each is given what any of them takes. One that misses it, because it cannot reach Redis
 * just then, finds it by polling.
 * @param deliver is given each new item
 */
export function createRedisDeliveries(link: RedisLink, keyOf: KeyOf, deliver: (item: unknown) => void): Deliveries {
  const channel = keyOf('delivered');
  // What this process takes comes by the channel, too: also where the answer to its taking is lost.
  const here = createLocalDeliveries(deliver);
  link.subscribe(channel, (text) => {
    const { name, item } = Message.parse(JSON.parse(text));
    void here.take(name, item);
  });
  return {
    async take(name, item) {
      const message = JSON.stringify({ name, item });
      const isNew = await link.run(TAKE, [keyOf('delivery', hashOf(name))], [KEPT_MS, channel, message]).catch(() => {
        throw new Fault('store_away', 'Redis cannot be reached, so it cannot be told whether the alert came before.');
      });
      if (isNew === 1) await here.take(name, item);
      return isNew === 1;
    },
  };
}
