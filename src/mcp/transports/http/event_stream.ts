/** Server-sent events of one stream. A client whose connection has ended can take it up again where it was. */
export interface EventStream {
  /** Without a connection the message is kept for the next one. */
  write(message: object): void;
  /** No message comes after those that were written. */
  end(): void;
  /** Begins a connection, which takes the place of the one before. @param after the last event that the client has */
  connect(after?: number): Response;
  isConnected(): boolean;
  /** Ends the connection, and with it the stream for this client. */
  close(): void;
}

export interface EventStreamOptions {
  /** Begins the id of each event; without a name the events have no ids, and none is kept once it was sent. */
  readonly name: string | undefined;
  /** The first event is an empty one with an id, which clients before revision 2025-11-25 cannot read. */
  readonly primed: boolean;
}

/** How much of a stream is kept for a client that comes back, in characters. */
const MAX_KEPT = 1024 * 1024;
/** How much may wait for a client that does not read, in bytes. */
const MAX_UNREAD = 4 * 1024 * 1024;
/** Comments are sent this often, because proxies end connections that are silent for a minute. */
const KEEP_ALIVE_MS = 15_000;

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  // nginx would hold the events back.
  'x-accel-buffering': 'no',
};

export function createEventStream({ name, primed }: EventStreamOptions): EventStream {
  const log = createEventLog(name !== undefined);
  let connection: Connection | undefined;
  let isEnded = false;
  const close = () => {
    connection?.close();
    connection = undefined;
  };
  const isOpen = () => connection?.isOpen() === true;
  const format = ({ number, json }: LoggedEvent) =>
    `${name === undefined ? '' : `id: ${name}.${number}\n`}event: message\ndata: ${json}\n\n`;
  const sendAfter = (after: number) => {
    for (const event of log.after(after)) {
      if (!connection?.send(format(event))) return;
      log.markSent(event);
    }
    if (isEnded) close();
  };
  return {
    close,
    isConnected: isOpen,
    write(message) {
      const event = log.add(JSON.stringify(message));
      if (connection?.send(format(event))) log.markSent(event);
    },
    end() {
      isEnded = true;
      if (isOpen()) close();
    },
    connect(after = log.lastSent()) {
      close();
      connection = createConnection();
      if (name !== undefined && primed) connection.send(`id: ${name}.${after}\ndata: \n\n`);
      const { body } = connection;
      sendAfter(after);
      return new Response(body, { headers: HEADERS });
    },
  };
}

interface LoggedEvent {
  /** Counts from 1. */
  readonly number: number;
  readonly json: string;
}

function createEventLog(keepsSent: boolean) {
  const kept: LoggedEvent[] = [];
  let length = 0;
  let last = 0;
  let sent = 0;
  const drop = () => {
    length -= kept.shift()?.json.length ?? 0;
  };
  return {
    add(json: string): LoggedEvent {
      const event = { number: ++last, json };
      kept.push(event);
      length += json.length;
      while (length > MAX_KEPT && kept.length > 1) drop();
      return event;
    },
    after: (number: number) => kept.filter((event) => event.number > number),
    lastSent: () => sent,
    markSent({ number }: LoggedEvent) {
      sent = Math.max(sent, number);
      if (!keepsSent) drop();
    },
  };
}

interface Connection {
  readonly body: ReadableStream<Uint8Array>;
  isOpen(): boolean;
  /** @returns false if the client is gone, or has left too much unread; the connection is over then */
  send(text: string): boolean;
  close(): void;
}

function createConnection(): Connection {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const leave = () => {
    clearInterval(keepAlive);
    controller = undefined;
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start: (own) => {
        controller = own;
      },
      cancel: leave,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD }),
  );
  const connection: Connection = {
    body,
    isOpen: () => controller !== undefined,
    send(text) {
      if ((controller?.desiredSize ?? 0) <= 0) connection.close();
      controller?.enqueue(encoder.encode(text));
      return controller !== undefined;
    },
    close() {
      controller?.close();
      leave();
    },
  };
  const keepAlive = setInterval(() => connection.send(':\n\n'), KEEP_ALIVE_MS).unref();
  return connection;
}
