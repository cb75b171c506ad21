/**
 * What the reducer wants sent, as text: each header with its own bindings, and everything after it written inside them.
 * It decides nothing and keeps only the header last sent (NS-02, NS-05, END-01).
 *
 * @since 0.1.0
 */
import { Header } from "@xmpp-e2e/protocol"
import { Serialize } from "@xmpp-e2e/xml"
import type { Element } from "@xmpp-e2e/xml"

/**
 * @since 0.1.0
 * @category models
 */
export interface Outbound {
  /** A new document begins: XML declaration and root tag. Its bindings hold for what follows. */
  readonly header: (header: Header.StreamHeader) => string
  readonly element: (element: Element.Element) => string
  /** The end tag that belongs to the header last sent. */
  readonly footer: () => string
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (): Outbound => {
  let bindings: Serialize.Bindings = []
  let footer = ""
  return {
    header: (header) => {
      const tag = Header.toRootTag(header)
      bindings = tag.declarations
      footer = Serialize.rootEndTag(tag)
      return Serialize.rootTag(tag)
    },
    element: (element) => Serialize.element(element, bindings),
    footer: () => footer
  }
}
