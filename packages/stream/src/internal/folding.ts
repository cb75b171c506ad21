/**
 * Joins the fold to the parts of a stream and to its organs: what the one asks of the others, and they of its state.
 */
import type { PeerJudge } from "@xmpp-e2e/certificates/PeerJudge"
import type { Action, Event, Reason, State } from "@xmpp-e2e/protocol"
import * as Interpreter from "../Interpreter.ts"
import * as folds from "./fold.ts"
import * as Gate from "./gate.ts"
import * as organs from "./organs.ts"
import type { Parts } from "./parts.ts"

export const make = (parts: Parts, judges: PeerJudge["Service"]): folds.Fold => new Joint(parts, judges).fold

class Joint implements folds.Ports, organs.Known {
  readonly #parts: Parts
  readonly #organs: Interpreter.Organs
  readonly fold: folds.Fold

  constructor(parts: Parts, judges: PeerJudge["Service"]) {
    this.#parts = parts
    this.#organs = organs.make(parts, judges, this)
    this.fold = folds.make(parts.setup.config, this)
  }

  get inbound(): Parts["inbound"] {
    return this.#parts.inbound
  }
  get requests(): Parts["sends"] {
    return this.#parts.sends
  }
  get replies(): Parts["agenda"]["replies"] {
    return this.#parts.agenda.replies
  }

  record(event: Event.Event, actions: ReadonlyArray<Action.Action>, state: State.State): void {
    this.#parts.log.step(event, actions, state)
  }

  perform(action: Action.Action): void {
    Interpreter.perform(this.#organs, action)
  }

  moved(label: string): void {
    const { agenda, telemetry } = this.#parts
    if (telemetry.isFollowed) agenda.chores.push(telemetry.moved(label))
  }

  taken(gate: Gate.Gate): void {
    this.#parts.agenda.tellings.push(() => Gate.open(gate))
  }

  hasRoom(closing: boolean): boolean {
    const { kept, lane } = this.#parts
    return !kept.isFull() && (closing || !lane.isOverdue())
  }

  reason(): Reason.Reason {
    const state = this.fold.state()
    return "reason" in state ? state.reason : this.#parts.outcome.reason()
  }

  header(): Partial<State.PeerHeader> {
    const state = this.fold.state()
    return state._tag === "Established" ? state.admission.header : {}
  }
}
