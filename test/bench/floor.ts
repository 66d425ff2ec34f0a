// The least that answers as ours does: it makes the same request, and repeats what ours said without a look at the reply.
import { serveByHand } from './by_hand.ts';

serveByHand(async (ask, recorded) => {
  await ask();
  return recorded;
});
