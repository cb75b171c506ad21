/** What one end says: actions to text, sends that follow each other being one write. */
import { Header } from "@xmpp-e2e/protocol"
import type { Action } from "@xmpp-e2e/protocol"
import { type Element, Serialize } from "@xmpp-e2e/xml"

/** The text of an action that sends, `undefined` for the others. `afterFooter` follows a footer, against all rules. */
export const make = (afterFooter: string): (action: Action.Action) => string | undefined => {
  let header: Element.RootTag | undefined
  return (action) => {
    switch (action._tag) {
      case "SendHeader":
        header = Header.toRootTag(action.header)
        return Serialize.rootTag(header)
      case "SendElement":
        return Serialize.element(action.element, header?.declarations ?? [])
      case "SendFooter":
        return header === undefined ? "" : Serialize.rootEndTag(header) + afterFooter
      case "SendWhitespace":
        return " "
    }
    return undefined
  }
}
