/** From `Established` on a stream has two equal ends, but where a rule names one of them. */
import { Namespace } from "@xmpp-e2e/protocol"
import type { Action, Config, Event } from "@xmpp-e2e/protocol"
import type { State } from "@xmpp-e2e/protocol/State"
import { Element } from "@xmpp-e2e/xml"
import type { Law } from "../../Law.ts"
import { same } from "../values.ts"
import { law } from "./law.ts"

export const roleBlind: Law = law(
  "role-blind",
  "from `Established` on, both roles answer alike where no rule names a role",
  (_, reduce) => {
    const mirrored = new Map<Config.Config, Config.Config>()
    return ({ actions, after, before, event }) => {
      if ((before._tag !== "Established" && before._tag !== "Closing") || namesRole(event, before)) return undefined
      const config = mirrored.get(before.config) ?? mirror(before.config)
      mirrored.set(before.config, config)
      const [other, others] = reduce({ ...before, config }, event)
      if (!same(shared(actions), shared(others))) return "the roles do different things"
      return same({ ...after, config }, { ...other, config }) ? undefined : "the roles come to different states"
    }
  }
)

const mirror = (config: Config.Config): Config.Config => ({
  ...config,
  role: config.role === "initiator" ? "recipient" : "initiator"
})

/** FEAT-14, FEAT-20, TLS-09, SM-03, SM-05: here one role asks and the other answers. */
const namesRole = (event: Event.Event, before: State): boolean => {
  const deferred = before._tag === "Established" ? before.session.resuming?.deferred ?? [] : []
  return event._tag === "EnableRequested" ||
    [event, ...deferred].some((each) => each._tag === "ElementReceived" && isOfRole(each.element))
}

const isOfRole = (element: Element.Element): boolean =>
  Element.is(element, Namespace.stream, "features") ||
  Element.is(element, Namespace.tls, "starttls") ||
  Element.is(element, Namespace.management, "enable") ||
  Element.is(element, Namespace.management, "resume")

/** END-16: only an initiator acknowledges before its footer. SM-20: its footer ends the session, the other's does not. */
const shared = (actions: ReadonlyArray<Action.Action>): ReadonlyArray<Action.Action> =>
  actions.flatMap((action, at): ReadonlyArray<Action.Action> => {
    if (action._tag === "Report" && action.notice._tag === "Ended") {
      const { resumption: _, ...notice } = action.notice
      return [{ ...action, notice }]
    }
    const isLast = actions[at + 1]?._tag === "SendFooter" && action._tag === "SendElement"
    return isLast && Element.is(action.element, Namespace.management, "a") ? [] : [action]
  })
