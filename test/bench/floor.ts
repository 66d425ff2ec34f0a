// The least that starts and lists as ours does. A call makes the same request, and repeats what ours said without a
// look at the reply: of use for memory, not for time.
import { serveByHand } from './by_hand.ts';

serveByHand(async (ask, recorded) => {
  await ask();
  return recorded;
});
