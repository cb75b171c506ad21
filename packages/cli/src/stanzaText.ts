/** One stanza as text, in and out: what `--json` carries in `{"stanza":"<message…/>"}`. */
import { Namespace } from "@xmpp-e2e/protocol"
import type { Element } from "@xmpp-e2e/xml"
import { Limits, Serialize } from "@xmpp-e2e/xml"
import * as Reader from "@xmpp-e2e/xml/reader"
import * as Result from "effect/Result"

/** Exactly one element, in the content namespace unless it names another; the failure says what is wrong. */
export const parse = (text: string, contentNamespace: string): Result.Result<Element.Element, string> => {
  const root = rootOf(contentNamespace)
  const reader = Reader.make(Limits.defaults)
  reader.push(encoder.encode(`${Serialize.rootTag(root)}${text}${Serialize.rootEndTag(root)}`))
  const found: Array<Element.Element> = []
  for (let event = reader.next(); event !== undefined; event = reader.next()) {
    if (event._tag === "ElementRead") found.push(event.element)
    if (event._tag === "Faulted") return Result.fail(event.fault.detail)
  }
  const [only, ...others] = found
  return only !== undefined && others.length === 0
    ? Result.succeed(only)
    : Result.fail(`there are ${found.length} elements; one stanza is wanted`)
}

/** As it stands on the wire, inside a stream with this content namespace. */
export const format = (stanza: Element.Element, contentNamespace: string): string =>
  Serialize.element(stanza, rootOf(contentNamespace).declarations)

const rootOf = (contentNamespace: string): Element.RootTag => ({
  name: "stream",
  namespace: Namespace.stream,
  prefix: "root",
  attributes: [],
  declarations: [{ prefix: "", namespace: contentNamespace }, { prefix: "root", namespace: Namespace.stream }]
})

const encoder = new TextEncoder()
