// The smallest server that starts and lists as ours does: the floor of a start. A call makes the same request and
// repeats a recorded answer without parsing the reply: a floor for memory, not for time.
import { serveByHand } from './by_hand.ts';

serveByHand(async (ask, recorded) => {
  await ask();
  return recorded;
});
