/** A reducer with a fault, for `simulate --reducer`: it delivers stanzas as from ourselves. */
import * as Step from "@xmpp-e2e/protocol/Step"
import type { Run } from "@xmpp-e2e/testkit"

export const step: Run.Reduce = (state, event) => {
  const [after, actions] = Step.step(state, event)
  return [
    after,
    actions.map((action) =>
      action._tag === "Deliver"
        ? { ...action, delivery: { ...action.delivery, from: state.config.self } }
        : action
    )
  ]
}
