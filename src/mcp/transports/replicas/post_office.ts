import { setTimeout as delay } from 'node:timers/promises';
import type { KeyOf } from '../../../redis/keys.ts';
import type { RedisLink } from '../../../redis/link.ts';
import { Message } from './messages.ts';
import type { Sealed } from './sealed.ts';

/** Carries messages between replicas, over channels of Redis. */
export interface PostOffice {
  /** Tries again for a while where the replica does not hear, as it may be connecting. @returns whether it was told */
  send(replica: string, message: Message): Promise<boolean>;
  /** False only if Redis can be reached and nobody listens for that replica. */
  isThere(replica: string): Promise<boolean>;
  listen(listener: (message: Message) => void): void;
}

const ATTEMPTS = 6;
const BETWEEN_MS = 200;

/** @param own id of this replica */
export function createPostOffice(link: RedisLink, keyOf: KeyOf, sealed: Sealed, own: string): PostOffice {
  // Has another name in each version whose messages another one cannot read.
  const channelOf = (replica: string) => keyOf('replica2', replica);
  return {
    async send(replica, message) {
      const text = sealed.seal(message, replica);
      for (let attempt = 1; ; attempt++) {
        const told = await link.publish(channelOf(replica), text).catch(() => 0);
        if (told > 0) return true;
        if (attempt === ATTEMPTS) return false;
        await delay(BETWEEN_MS);
      }
    },
    isThere: async (replica) => (await link.listeners(channelOf(replica))) > 0,
    listen(listener) {
      link.subscribe(channelOf(own), (text) => {
        const message = Message.safeParse(sealed.open(text, own));
        if (message.success) listener(message.data);
      });
    },
  };
}
