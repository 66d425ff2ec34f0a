import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

/** A transport that hands on what it has read as it is; the checked transport before it reads it. */
export interface ValueTransport extends Omit<Transport, 'onmessage'> {
  onmessage?: (value: unknown) => void;
}
