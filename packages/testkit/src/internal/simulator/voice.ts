/** What one end says: actions to text, sends that follow each other being one write. */
import type { Action } from "@xmpp-e2e/protocol"
import * as Voice from "@xmpp-e2e/recording/Voice"

/** The text of an action that sends, `undefined` for the others. `afterFooter` follows a footer, against all rules. */
export const make = (afterFooter: string): (action: Action.Action) => string | undefined => {
  const voice = Voice.make()
  return (action) => {
    if (!Voice.isSending(action)) return undefined
    return action._tag === "SendFooter" ? voice(action) + afterFooter : voice(action)
  }
}
