/**
 * The state of a stream, folded over what happens. One turn takes a batch of messages and the bytes of a chunk without a
 * pause: step, record, perform, and so on. Only the fiber of the stream calls it.
 */
import { State, Step } from "@xmpp-e2e/protocol"
import type { Action, Config, Event } from "@xmpp-e2e/protocol"
import type { Element } from "@xmpp-e2e/xml"
import type * as Gate from "./gate.ts"
import type { Inbound } from "./inbound.ts"
import type { Message } from "./message.ts"
import type { Requests, Waiter } from "./requests.ts"

export interface Fold {
  readonly state: () => State.State
  readonly turn: (messages: ReadonlyArray<Message>) => void
  /** The next chunk would be dealt with at once. */
  readonly mayRead: () => boolean
}

export interface Ports {
  readonly inbound: Pick<Inbound, "isStopped" | "next" | "push">
  readonly requests: Pick<Requests, "enlist">
  /** Before the actions are performed: the log explains even a crash. */
  readonly record: (event: Event.Event, actions: ReadonlyArray<Action.Action>, state: State.State) => void
  readonly perform: (action: Action.Action) => void
  /** Stanzas that performing has brought up: replies. Emptied after each step. */
  readonly replies: Array<Element.Element>
  readonly moved: (label: string) => void
  /** All that this one waits for has gone through the reducer. */
  readonly taken: (gate: Gate.Gate) => void
  /** The application takes what we read, and the peer what it made us say; once we are closing, nobody makes us say more. */
  readonly hasRoom: (closing: boolean) => boolean
}

export const make = (config: Config.Config, ports: Ports): Fold => new Folded(config, ports)

class Folded implements Fold {
  readonly #ports: Ports
  #state: State.State
  #heardAll = false

  constructor(config: Config.Config, ports: Ports) {
    this.#ports = ports
    this.#state = Step.initial(config)
  }

  state(): State.State {
    return this.#state
  }

  turn(messages: ReadonlyArray<Message>): void {
    for (const message of messages) this.#handle(message)
    this.#readOn()
  }

  mayRead(): boolean {
    return !this.#isClosed() && (this.#ports.inbound.isStopped() || (Step.wantsInput(this.#state) && this.#hasRoom()))
  }

  #handle(message: Message): void {
    switch (message._tag) {
      case "Asked":
        for (const stanza of message.stanzas) this.#ask(stanza, message.waiter)
        if (message.waiter?.taken !== undefined) this.#ports.taken(message.waiter.taken)
        return
      case "Happened":
        if (!this.#isClosed()) this.#take(message.event)
        return
      case "Heard":
        if (this.#isClosed()) return
        this.#ports.inbound.push(message.bytes)
        return this.#readOn()
      case "HeardAll":
        this.#heardAll = true
        if (!this.#isClosed()) this.#take({ _tag: "TransportEnded" })
        return
      case "SaidAll":
        // Both directions have ended: the transport is gone, and nobody else will say so.
        if (this.#heardAll && !this.#isClosed()) this.#take({ _tag: "TransportLost" })
        return
      case "Eased":
        return
    }
  }

  #readOn(): void {
    const { inbound } = this.#ports
    while (!this.#isClosed() && !inbound.isStopped() && Step.wantsInput(this.#state) && this.#hasRoom()) {
      const event = inbound.next()
      if (event === undefined) return
      this.#take(event)
    }
  }

  #take(event: Event.Event): void {
    this.#step(event)
    const { replies } = this.#ports
    for (let reply = replies.shift(); reply !== undefined; reply = replies.shift()) this.#ask(reply, undefined)
  }

  #ask(stanza: Element.Element, waiter: Waiter | undefined): void {
    this.#step({ _tag: "SendRequested", request: this.#ports.requests.enlist(waiter), stanza })
  }

  #step(event: Event.Event): void {
    const ports = this.#ports
    const before = this.#state
    const [after, actions] = Step.step(before, event)
    ports.record(event, actions, after)
    this.#state = after
    for (const action of actions) ports.perform(action)
    if (hasMoved(before, after)) ports.moved(State.label(after))
  }

  #isClosed(): boolean {
    return this.#state._tag === "Closed"
  }

  // STZ-21: what the peer said before it heard our footer is delivered too, as fast as the application takes it.
  #hasRoom(): boolean {
    return !delivers(this.#state) || this.#ports.hasRoom(this.#state._tag === "Closing")
  }
}

/** Where nothing is delivered any more, nobody's taking is waited for: the peer's footer may be behind what is read. */
const delivers = (state: State.State): boolean =>
  state._tag !== "Closing" || (state.at._tag === "AwaitingFooter" && !state.at.failed)

/** The label of an established stream never changes, and it is asked about with every stanza. */
const hasMoved = (before: State.State, after: State.State): boolean =>
  before !== after && !(before._tag === "Established" && after._tag === "Established") &&
  State.label(before) !== State.label(after)
