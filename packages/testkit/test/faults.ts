/** Reducers with a fault, each of which breaks a law. */
import { Namespace, State } from "@xmpp-e2e/protocol"
import type { Action, Config, Notice } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import type { Reduce } from "../src/Run.ts"

export interface Fault {
  readonly law: string
  /** What the reducer does: `finds a reducer that …`. */
  readonly sentence: string
  readonly plant: (step: Reduce) => Reduce
}

type Actions = ReadonlyArray<Action.Action>
type Answer = ReturnType<Reduce>

/** The answer is bent. */
const bend =
  (change: (answer: Answer, ...asked: Parameters<Reduce>) => Answer) => (step: Reduce): Reduce => (...asked) =>
    change(step(...asked), ...asked)

const bendActions = (change: (actions: Actions, ...asked: Parameters<Reduce>) => Actions) =>
  bend(([after, actions], ...asked) => [after, change(actions, ...asked)])

const bendEach = (change: (action: Action.Action) => Actions) => bendActions((actions) => actions.flatMap(change))

const bendNotices = (change: (notice: Notice.Notice) => ReadonlyArray<Notice.Notice>) =>
  bendEach((action) =>
    action._tag === "Report" ? change(action.notice).map((notice) => ({ _tag: "Report", notice })) : [action]
  )

/** The reducer is told another configuration than it was given. */
const underPolicy = (change: (config: Config.Config) => Config.Config) => (step: Reduce): Reduce => (state, event) => {
  const [after, actions] = step({ ...state, config: change(state.config) }, event)
  return [{ ...after, config: state.config }, actions]
}

const whitespace: Action.Action = { _tag: "SendWhitespace" }

const dropTransport: Action.Action = { _tag: "DropTransport" }

const isAt = (state: State.State, label: string): boolean => State.label(state).endsWith(label)

let calls = 0

export const faults: ReadonlyArray<Fault> = [
  {
    law: "total",
    sentence: "answers differently every seventh time",
    plant: bendActions((actions) => ++calls % 7 === 0 ? [...actions, whitespace] : actions)
  },
  {
    law: "total",
    sentence: "writes to the event it was given",
    plant: (step) => (state, event) => {
      Object.assign(event, { seen: true })
      return step(state, event)
    }
  },
  {
    law: "plain",
    sentence: "keeps a map in its state",
    plant: bend(([after, actions]) => [Object.assign({ ...after }, { since: new Map() }), actions])
  },
  {
    law: "plain",
    sentence: "replaces its configuration",
    plant: bend(([after, actions]) => [{ ...after, config: { ...after.config, lang: "de" } }, actions])
  },
  {
    law: "grammar",
    sentence: "sends white space while starttls is unanswered",
    plant: bendActions((actions, state) => isAt(state, ".AwaitingProceed") ? [whitespace, ...actions] : actions)
  },
  {
    law: "grammar",
    sentence: "speaks XML during the handshake",
    plant: bendActions((actions, state) => isAt(state, ".AwaitingTls") ? [whitespace, ...actions] : actions)
  },
  {
    law: "grammar",
    sentence: "does not begin anew after SASL",
    plant: bendEach((action) => action._tag === "RestartInput" ? [] : [action])
  },
  {
    law: "silence-after-close",
    sentence: "sends white space after its footer",
    plant: bendActions((actions, state) => isAt(state, ".AwaitingFooter") ? [whitespace, ...actions] : actions)
  },
  {
    law: "silence-after-close",
    sentence: "says a last word after the transport was ended",
    plant: bendActions((actions) =>
      actions.some(({ _tag }) => _tag === "EndTransport") ? [...actions, whitespace] : actions
    )
  },
  {
    law: "one-ending",
    sentence: "leaves out the footer behind an error",
    plant: bendActions((actions) =>
      actions.filter(({ _tag }, at) => _tag !== "SendFooter" || !isError(actions[at - 1]))
    )
  },
  {
    law: "one-ending",
    sentence: "sends its footer twice",
    plant: bendEach((action) => action._tag === "SendFooter" ? [action, action] : [action])
  },
  {
    law: "fresh-ids",
    sentence: "gives every stream the same id",
    plant: bendEach((action) =>
      action._tag === "SendHeader" && action.header.id !== undefined
        ? [{ ...action, header: { ...action.header, id: "1" } }]
        : [action]
    )
  },
  {
    law: "tries",
    sentence: "forgets how often SASL has failed",
    plant: bend(([after, actions]) => [
      after._tag === "Responding" && "tries" in after.at ? { ...after, at: { ...after.at, tries: 0 } } : after,
      actions
    ])
  },
  {
    law: "no-clear",
    sentence: "delivers a stanza that came too early",
    plant: bendActions((actions, state, event) =>
      event._tag === "ElementReceived" && isAt(state, ".AwaitingChoice") && event.element.name === "message"
        ? [...actions, { _tag: "Deliver", stanza: event.element, delivery: { to: state.config.self, canReply: true } }]
        : actions
    )
  },
  {
    law: "no-clear",
    sentence: "offers SASL in clear",
    plant: bendEach((action) =>
      action._tag === "SendElement" && action.element.name === "features"
        ? [{
          ...action,
          element: {
            ...action.element,
            children: [...action.element.children, Element.make(Namespace.sasl, "mechanisms")]
          }
        }]
        : [action]
    )
  },
  {
    law: "downgrade",
    sentence: "does without TLS when nobody offers it",
    plant: underPolicy((config) => ({ ...config, policy: { ...config.policy, tls: "preferred" } }))
  },
  {
    law: "downgrade",
    sentence: "does without SASL when nobody offers it",
    plant: underPolicy((config) => ({ ...config, policy: { ...config.policy, sasl: "ifUsable" } }))
  },
  {
    law: "downgrade",
    sentence: "takes whoever comes for whoever was wanted",
    plant: underPolicy((config) => ({ ...config, policy: { ...config.policy, authenticatePeer: false } }))
  },
  {
    law: "identity",
    sentence: "calls everybody verified",
    plant: bendNotices((notice) =>
      notice._tag === "Negotiated" ? [{ ...notice, peer: { ...notice.peer, verified: true } }] : [notice]
    )
  },
  {
    law: "forgetful",
    sentence: "keeps the header of the clear phase",
    plant: bend(([after, actions]) => [
      "at" in after && after.at._tag === "AwaitingVerdict"
        ? Object.assign({ ...after }, { header: { from: "mallory@verona" } })
        : after,
      actions
    ])
  },
  {
    law: "absorbing",
    sentence: "reports the end twice",
    plant: bendNotices((notice) => notice._tag === "Ended" ? [notice, notice] : [notice])
  },
  {
    law: "absorbing",
    sentence: "wakes up once more",
    plant: bend((answer, state, event) =>
      state._tag === "Closed" && event._tag === "TimerFired" ? [state, [whitespace]] : answer
    )
  },
  {
    law: "once",
    sentence: "drops the transport when it ends it",
    plant: bendEach((action) => action._tag === "EndTransport" ? [action, dropTransport] : [action])
  },
  {
    law: "once",
    sentence: "never drops the transport",
    plant: bendEach((action) => action._tag === "DropTransport" ? [] : [action])
  },
  {
    law: "blame",
    sentence: "takes a send for the wish to end",
    plant: (step) => (state, event) =>
      state._tag === "Established" && event._tag === "SendRequested"
        ? step(state, { _tag: "CloseRequested" })
        : step(state, event)
  },
  {
    law: "blame",
    sentence: "blames itself for what the peer did",
    plant: bend(([after, actions]) => [
      after._tag === "Closing" ? { ...after, reason: { ...after.reason, _tag: "LocalPolicy" } } : after,
      actions
    ])
  },
  {
    law: "timers",
    sentence: "clears no timer",
    plant: bendEach((action) => action._tag === "ClearTimer" ? [] : [action])
  },
  {
    law: "alive",
    sentence: "never sets the closing timer",
    plant: bend(([after, actions]) => [
      { ...after, timers: after.timers.filter(({ timer }) => timer !== "close") },
      actions.filter((action) => action._tag !== "SetTimer" || action.timer !== "close")
    ])
  },
  {
    law: "alive",
    sentence: "does not obey its deadlines",
    plant: bend((answer, state, event) => event._tag === "TimerFired" && event.timer === "step" ? [state, []] : answer)
  },
  {
    law: "stale",
    sentence: "obeys a timer that was set anew",
    plant: (step) => (state, event) => {
      if (event._tag !== "TimerFired") return step(state, event)
      const running = state.timers.find((each) => each.timer === event.timer)
      return step(state, { ...event, generation: running?.generation ?? event.generation })
    }
  },
  {
    law: "queue",
    sentence: "loses what waited when the negotiation failed",
    plant: bendNotices((notice) => notice._tag === "Ended" ? [{ ...notice, unsent: [] }] : [notice])
  },
  {
    law: "queue",
    sentence: "sends what waited in the wrong order",
    plant: bendActions((actions) => isOpening(actions) ? [...actions].reverse() : actions)
  },
  {
    law: "deliveries",
    sentence: "delivers everything twice",
    plant: bendEach((action) => action._tag === "Deliver" ? [action, action] : [action])
  },
  {
    law: "sender",
    sentence: "takes our own address for that of the sender",
    plant: bendActions((actions, state) =>
      actions.map((action) =>
        action._tag === "Deliver"
          ? { ...action, delivery: { ...action.delivery, from: state.config.self } }
          : action
      )
    )
  },
  {
    law: "counts",
    sentence: "claims more stanzas than it received",
    plant: bendEach((action) =>
      action._tag === "SendElement" && Element.is(action.element, Namespace.management, "a")
        ? [{ ...action, element: Element.make(Namespace.management, "a", { h: "99" }) }]
        : [action]
    )
  },
  {
    law: "bounds",
    sentence: "holds more than it may",
    plant: underPolicy((config) => ({
      ...config,
      limits: { ...config.limits, heldStanzasMax: 9, heldBytesMax: 9_999 }
    }))
  },
  {
    law: "role-blind",
    sentence: "closes only as an initiator",
    plant: bend((answer, state, event) =>
      state._tag === "Established" && state.config.role === "recipient" && event._tag === "CloseRequested"
        ? [state, []]
        : answer
    )
  }
]

const isError = (action: Action.Action | undefined): boolean =>
  action?._tag === "SendElement" && Element.is(action.element, Namespace.stream, "error")

/** The step in which more than one request is written. */
const isOpening = (actions: Actions): boolean =>
  actions.filter((action) => action._tag === "SendElement" && action.request !== undefined).length > 1
