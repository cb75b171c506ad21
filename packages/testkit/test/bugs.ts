/** Ten bugs as people write them, each in one part: a bent reducer, a bent shell, or a bent reader, at both ends. */
import { label, type State } from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import type { Reduce } from "../src/Run.ts"
import type { Shell, Subject } from "../src/simulator/Subject.ts"

export interface Bug {
  readonly name: string
  readonly sentence: string
  /** Rules that may be the first to notice. */
  readonly rules: ReadonlyArray<string>
  readonly subject: Subject
}

type Step = Parameters<Shell>[0]
type Actions = ReturnType<Shell>

const shell = (each: (action: Actions[number], step: Step) => Actions): Subject => ({
  shell: (step) => step.actions.flatMap((action) => each(action, step))
})

const reducer = (step: Reduce): Subject => ({ step })

const isNegotiating = ({ _tag }: State): boolean => _tag === "Initiating" || _tag === "Responding"

export const bugs: ReadonlyArray<Bug> = [
  {
    name: "dropped timer",
    sentence: "the shell never starts the timer of a step of the negotiation",
    rules: ["P-22"],
    subject: shell((action) => action._tag === "SetTimer" && action.timer === "step" ? [] : [action])
  },
  {
    name: "wrong residue",
    sentence: "the reader keeps what came behind <starttls/> or <proceed/>, and reads it as if it had come under TLS",
    rules: ["P-20"],
    subject: { reader: (reader) => ({ ...reader, take: () => new Uint8Array() }) }
  },
  {
    name: "missing restart",
    sentence: "the shell goes on with the old document after SASL",
    rules: ["P-19", "P-20", "P-22"],
    subject: shell((action, { event }) =>
      action._tag === "RestartInput" && event._tag !== "TlsEstablished" && event._tag !== "PeerJudged" ? [] : [action]
    )
  },
  {
    name: "double delivery",
    sentence: "the shell hands a stanza out twice",
    rules: ["P-27"],
    subject: shell((action) => action._tag === "Deliver" ? [action, action] : [action])
  },
  {
    name: "early stanza",
    sentence: "the reducer writes what should wait for the end of the negotiation",
    rules: ["grammar", "no-clear", "queue"],
    subject: reducer((state, event) =>
      event._tag === "SendRequested" && isNegotiating(state)
        ? [state, [{ _tag: "SendElement", element: event.stanza, request: event.request }]]
        : Reducer.step(state, event)
    )
  },
  {
    name: "swallowed error",
    sentence: "the reader says nothing of what it cannot read",
    rules: ["P-20"],
    subject: {
      reader: (reader) => ({
        ...reader,
        next: () => {
          const event = reader.next()
          return event?._tag === "Faulted" ? undefined : event
        }
      })
    }
  },
  {
    name: "stuck close",
    sentence: "the reducer does not hear a footer that answers its own",
    rules: ["P-22", "P-28"],
    subject: reducer((state, event) =>
      event._tag === "FooterReceived" && label(state) === "Closing.AwaitingFooter"
        ? [state, []]
        : Reducer.step(state, event)
    )
  },
  {
    name: "skipped verdict",
    sentence: "the reducer takes whoever completes a handshake for whom it wanted",
    rules: ["grammar", "downgrade", "identity"],
    subject: reducer((state, event) => {
      const [after, actions] = Reducer.step(state, event)
      if (event._tag !== "TlsEstablished" || !("at" in after) || after.at._tag !== "AwaitingVerdict") {
        return [after, actions]
      }
      const peer = after.config.peer
      const [admitted, further] = Reducer.step(after, {
        _tag: "PeerJudged",
        verdict: {
          decision: "accept",
          code: "trusted",
          rule: "CERT-85",
          because: "Nobody was asked.",
          strength: "pki",
          ...(peer === undefined ? {} : { identity: peer }),
          authorised: peer === undefined ? [] : [peer],
          notices: []
        }
      })
      return [admitted, [...actions.filter(({ _tag }) => _tag !== "JudgePeer"), ...further]]
    })
  },
  {
    name: "wrong from",
    sentence: "the reducer delivers stanzas as from ourselves",
    rules: ["sender"],
    subject: reducer((state, event) => {
      const [after, actions] = Reducer.step(state, event)
      return [
        after,
        actions.map((action) =>
          action._tag === "Deliver"
            ? { ...action, delivery: { ...action.delivery, from: state.config.self } }
            : action
        )
      ]
    })
  },
  {
    name: "leak after close",
    sentence: "the shell keeps the transport when the stream has ended in order",
    rules: ["P-11"],
    subject: shell((action, { after }) =>
      action._tag === "DropTransport" && after._tag === "Closed" && after.reason._tag === "Finished" ? [] : [action]
    )
  }
]
