import * as z from 'zod';

const Identity = z.object({
  id: z.string(),
  name: z.string(),
  tenant: z.string().exactOptional(),
  mayWrite: z.boolean(),
  until: z.number().exactOptional(),
});

/** A request that another replica has to answer. */
const Request = z.object({
  kind: z.literal('request'),
  call: z.string(),
  /** The replica that the client has reached. */
  from: z.string(),
  method: z.enum(['POST', 'GET', 'DELETE']),
  headers: z.record(z.string(), z.string()),
  identity: Identity.optional(),
  body: z.string().optional(),
});

/** What one replica tells another. The parts of an answer are numbered, because one may be told twice or lost. */
export const Message = z.discriminatedUnion('kind', [
  Request,
  z.object({ kind: z.literal('cancel'), call: z.string() }),
  /** Asks whether the request still holds, which may have been told late or again; `nonce` names this asking. */
  z.object({ kind: z.literal('ready'), call: z.string(), nonce: z.string() }),
  /** Says that it does: once for each call. */
  z.object({ kind: z.literal('go'), nonce: z.string() }),
  /** Asks whether the answer is still to come. */
  z.object({ kind: z.literal('open'), call: z.string(), from: z.string() }),
  /** Says that nothing will come, if it has not come. */
  z.object({ kind: z.literal('over'), call: z.string() }),
  z.object({
    kind: z.literal('head'),
    call: z.string(),
    part: z.literal(0),
    status: z.number(),
    headers: z.record(z.string(), z.string()),
  }),
  z.object({ kind: z.literal('chunk'), call: z.string(), part: z.number(), text: z.string() }),
  z.object({ kind: z.literal('end'), call: z.string(), part: z.number() }),
]);

export type Message = z.output<typeof Message>;
export type RelayedRequest = z.output<typeof Request>;
export type AnswerPart = Extract<Message, { part: number }>;
