import { randomUUID } from 'node:crypto';
import type { RedisConfig } from '../../../config/redis_settings.ts';
import type { Log } from '../../../core/log.ts';
import { createKeys } from '../../../redis/keys.ts';
import { openRedis } from '../../../redis/link.ts';
import type { Replicas } from '../http/door.ts';
import { createAnswerer } from './answer_relayed.ts';
import { createNotedRoute } from './noted_route.ts';
import { createOwners } from './owners.ts';
import { createPostOffice } from './post_office.ts';
import { createRelay } from './relay.ts';
import { createSealed } from './sealed.ts';
import { createSharedRoute } from './shared_route.ts';

export interface ReplicasOptions {
  readonly redis: RedisConfig;
  /** Of the tenant. */
  readonly origin: string;
  /** The same in all replicas. */
  readonly signingKey: Buffer;
  readonly log: Log;
}

/** Joins the replicas that serve a tenant with the same Redis and signing key. */
export async function joinReplicas({ redis, origin, signingKey, log }: ReplicasOptions): Promise<Replicas> {
  const own = randomUUID();
  const link = await openRedis(redis.url, log);
  const keyOf = createKeys(redis.prefix, origin);
  const office = createPostOffice(link, keyOf, createSealed(signingKey), own);
  const owners = createOwners(link, keyOf, own);
  const relay = createRelay(office, own);
  const held = new Map<string, Set<string>>();
  link.onConnect(() => void tellHeld(held, owners).catch(() => {}));
  return {
    route(parts) {
      const noted = createNotedRoute({ ...parts, owners, held });
      const answerer = createAnswerer(noted, office);
      const route = createSharedRoute({ ...parts, route: noted, owners, relay, own, held });
      office.listen((message) => {
        if (message.kind === 'request') answerer.receive(message);
        else if (message.kind === 'ready') relay.go(message.call, message.nonce);
        else if (message.kind === 'go')
          answerer.answer(message.nonce).catch((error) => log.error('replica', { error }));
        else if (message.kind === 'cancel') answerer.cancel(message.call);
        else if (message.kind === 'open') answerer.sayIfOver(message.call, message.from);
        else if (message.kind === 'over') relay.lose(message.call);
        else relay.take(message);
      });
      return route;
    },
    onSessionEnd(session) {
      // A copy that another replica has taken over may end.
      if (held.delete(session)) owners.end(session).catch(() => {});
    },
  };
}

/** Tells again what is held here, because a Redis that was started again may have lost it. */
async function tellHeld(held: ReadonlyMap<string, ReadonlySet<string>>, owners: ReturnType<typeof createOwners>) {
  for (const [session, uris] of held) {
    await owners.claim(session);
    for (const uri of uris) await owners.note(session, uri, true);
  }
}
