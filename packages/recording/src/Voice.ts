/**
 * What the reducer wants sent, as text: each header with its own bindings, and everything after it written inside them.
 * It decides nothing and keeps only the header last sent (NS-02, NS-05, END-01). Every shell speaks through it, and so does
 * whoever compares recorded bytes with what was to be sent (`Reread`).
 *
 * @since 0.1.0
 */
import type { Action } from "@xmpp-e2e/protocol"
import * as Header from "@xmpp-e2e/protocol/Header"
import { type Element, Serialize } from "@xmpp-e2e/xml"

/**
 * An action that sends something.
 *
 * @since 0.1.0
 * @category models
 */
export type Sending = Extract<
  Action.Action,
  { readonly _tag: "SendHeader" | "SendElement" | "SendFooter" | "SendWhitespace" }
>

/**
 * The text of what is sent, in the order of sending: a header begins a new document, whose bindings hold for what follows
 * and whose end tag the footer is.
 *
 * @since 0.1.0
 * @category models
 */
export type Voice = (action: Sending) => string

/**
 * @since 0.1.0
 * @category guards
 */
export const isSending = (action: Action.Action): action is Sending =>
  action._tag === "SendElement" || action._tag === "SendHeader" || action._tag === "SendFooter" ||
  action._tag === "SendWhitespace"

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (): Voice => {
  let header: Element.RootTag | undefined
  return (action) => {
    switch (action._tag) {
      case "SendHeader":
        header = Header.toRootTag(action.header)
        return Serialize.rootTag(header)
      case "SendElement":
        return Serialize.element(action.element, header?.declarations ?? [])
      case "SendFooter":
        return header === undefined ? "" : Serialize.rootEndTag(header)
      case "SendWhitespace":
        return " "
    }
  }
}
