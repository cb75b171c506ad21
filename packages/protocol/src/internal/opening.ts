/** OPEN (state-machine §7): the only way into `Established`. Policy is asked once more, by `admit`. */
import type { Action } from "../Action.ts"
import * as Address from "../Address.ts"
import { type Admission, admit } from "../Admission.ts"
import type { Config } from "../Config.ts"
import * as Reason from "../Reason.ts"
import type { Managed } from "../Session.ts"
import type { Established, Initiating, Link, PeerHeader, Responding, Secured } from "../State.ts"
import { fail } from "./ending.ts"
import * as managed from "./managed.ts"
import * as Management from "./management.ts"
import { after, type Move, report } from "./move.ts"
import { sendAll } from "./sending.ts"

export interface Opening {
  readonly header: PeerHeader
  /** Written before anything else of the open stream: our features, `<success/>`… */
  readonly first?: ReadonlyArray<Action>
  /** A session that goes on, with what it has to send again (SM-15). */
  readonly session?: { readonly management: Managed; readonly again: ReadonlyArray<Action> }
  /** SM-03: the recipient offers stream management, and we want it. */
  readonly enable?: boolean
}

export const open = (state: Initiating | Responding, opening: Opening): Move => {
  const { first = [], header } = opening
  const admission = admit(state.config, state.link, header)
  if (admission === undefined) {
    return after(first, refuse(state, "policy-violation", "authenticationRequired", "SASL-40"))
  }
  const stranger = strangerBy(state.config, state.link, header, admission)
  if (stranger !== undefined) return after(first, refuse(state, "invalid-from", "identity", stranger))
  if (securedOf(state.link)?.expired === true) {
    return after(first, refuse(state, "reset", "certificateExpired", "TIME-12"))
  }
  return after(first, admitted(state, admission, opening))
}

export const securedOf = (link: Link): Secured | undefined =>
  link._tag === "Clear" ? undefined : link._tag === "Secured" ? link : link.secured

const admitted = (state: Initiating | Responding, admission: Admission, opening: Opening): Move => {
  const { enable = false, session } = opening
  const entered: Established = {
    _tag: "Established",
    config: state.config,
    timers: state.timers,
    generation: state.generation,
    admission,
    session: { pending: [], untouched: true, management: session?.management ?? Management.off },
    ...expiryOf(state.link)
  }
  const enabling = enable
    ? managed.enable(entered, state.config.management.resumableSeconds !== undefined)
    : { state: entered, actions: [] }
  const sent = sendAll(enabling.state, state.held)
  return {
    state: sent.state,
    actions: [
      ...enabling.actions,
      ...(session?.again ?? []),
      ...sent.actions,
      report({
        _tag: "Negotiated",
        peer: admission.peer,
        secured: admission.secured,
        resumed: session !== undefined
      }),
      ...(admission.secured ? [] : [report({ _tag: "InsecureChannel" })])
    ]
  }
}

/** The rule by which the peer is not the one we wanted, as far as it says or proves who it is. */
const strangerBy = (
  { naming, peer: wanted, role }: Config,
  link: Link,
  header: PeerHeader,
  { peer }: Admission
): string | undefined => {
  if (wanted === undefined) return undefined
  const claimed = header.from
  if (role === "initiator") {
    return link._tag === "Clear" && claimed !== undefined && !Address.sameBare(claimed, wanted, naming)
      ? "HDR-20"
      : undefined
  }
  const address = peer.verified ? peer.address : claimed
  return address !== undefined && !Address.sameBare(address, wanted, naming) ? "HDR-31" : undefined
}

const refuse = (
  state: Initiating | Responding,
  condition: "policy-violation" | "invalid-from" | "reset",
  cause: Reason.Cause,
  rule: string
): Move => fail(state, { error: { condition }, reason: Reason.make(cause, { condition, rule }) })

const expiryOf = (link: Link): Pick<Established, "expiresIn"> => {
  const expiresIn = securedOf(link)?.verdict.expiresIn
  return expiresIn === undefined ? {} : { expiresIn }
}
