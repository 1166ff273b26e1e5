/** What a receiver is called with. */
export type Sent<Payload, Sender = unknown> = Payload & { readonly sender: Sender };

/** Is told when something happens; a promise that it gives is awaited. */
export type Receiver<Payload, Sender = unknown> = (sent: Sent<Payload, Sender>) => unknown;

/** Whose news a receiver gets, and how often it is connected. */
export interface ConnectOptions<Wanted> {
  /** Only what this one sends; default: what anybody sends. */
  sender?: Wanted;
  /** Connects once under this name, however often the code that connects runs. */
  id?: string;
}

/** What one receiver did: it gave a value, or it threw. */
export interface Answer<R = unknown> {
  readonly receiver: R;
  readonly value?: unknown;
  readonly error?: unknown;
}

interface Connection<Payload, Sender, Wanted> extends ConnectOptions<Wanted> {
  readonly receiver: Receiver<Payload, Sender>;
}

/**
 * A moment that other code may follow: who knows the moment sends, who is connected is called, one after the other
 * in the order in which they were connected.
 *
 * ```ts
 * export const pizzaDone = new Signal<{ size: number }>();
 * const stop = pizzaDone.connect(async ({ sender, size }) => { await tell(sender, size); });
 * await pizzaDone.send(oven, { size: 30 });
 * stop();
 * ```
 */
export class Signal<Payload extends object = {}, Sender = unknown, Wanted = Sender> {
  #connections: readonly Connection<Payload, Sender, Wanted>[] = [];

  /** Whether nobody listens; code that sends often asks this first. */
  get isIdle(): boolean {
    return this.#connections.length === 0;
  }

  /** Calls a receiver from now on. Gives the function that ends it. */
  connect(receiver: Receiver<Payload, Sender>, options: ConnectOptions<Wanted> = {}): () => void {
    const connection = { receiver, ...options };
    if (!this.#connections.some((one) => isSame(one, connection))) this.#connections = [...this.#connections, connection];
    return () => void this.disconnect(receiver, options);
  }

  /** Ends a connection, found by its id or by its receiver, and the sender it was made for. Says whether there was one. */
  disconnect(receiver: Receiver<Payload, Sender>, options: ConnectOptions<Wanted> = {}): boolean {
    const left = this.#connections.filter((one) => !isSame(one, { receiver, ...options }));
    const found = left.length < this.#connections.length;
    this.#connections = left;
    return found;
  }

  /** Calls every receiver and waits for it. What one throws stops the rest and reaches the sender. */
  async send(sender: Sender, payload: Payload): Promise<Answer<Receiver<Payload, Sender>>[]> {
    const answers: Answer<Receiver<Payload, Sender>>[] = [];
    for (const receiver of this.#receiversFor(sender)) answers.push({ receiver, value: await receiver({ ...payload, sender }) });
    return answers;
  }

  /** As `send`, and what a receiver throws is among the answers instead of stopping the others. */
  async sendRobust(sender: Sender, payload: Payload): Promise<Answer<Receiver<Payload, Sender>>[]> {
    const answers: Answer<Receiver<Payload, Sender>>[] = [];
    for (const receiver of this.#receiversFor(sender)) {
      try {
        answers.push({ receiver, value: await receiver({ ...payload, sender }) });
      } catch (error) {
        answers.push({ receiver, error });
      }
    }
    return answers;
  }

  /** Calls every receiver without waiting, at moments that cannot wait. */
  sendNow(sender: Sender, payload: Payload): void {
    for (const receiver of this.#receiversFor(sender)) receiver({ ...payload, sender });
  }

  /** Whether a connection made for `wanted` is about this sender. */
  protected concerns(wanted: Wanted, sender: Sender): boolean {
    return (wanted as unknown) === sender;
  }

  #receiversFor(sender: Sender): Receiver<Payload, Sender>[] {
    return this.#connections
      .filter((one) => one.sender === undefined || this.concerns(one.sender, sender))
      .map(({ receiver }) => receiver);
  }
}

/** One receiver is connected once for each sender; an id stands for the receiver. */
function isSame<P, S, W>(a: Connection<P, S, W>, b: Connection<P, S, W>): boolean {
  if (a.sender !== b.sender) return false;
  return a.id !== undefined || b.id !== undefined ? a.id === b.id : a.receiver === b.receiver;
}
