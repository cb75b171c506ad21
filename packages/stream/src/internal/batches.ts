/**
 * How many stanzas one turn takes: enough to make one write of them, few enough to share the stream, and not so much text
 * that it waits in memory while the transport has no room.
 */
import type { Element } from "@xmpp-e2e/xml"

/** Where the batch ends that begins at `from`. It has at least one stanza, if there is one. */
export const batchEnd = (stanzas: ReadonlyArray<Element.Element>, from: number): number => {
  let left = unitsMax
  let at = from
  for (; at < stanzas.length && at < from + stanzasMax && left > 0; at++) {
    const stanza = stanzas[at]
    if (stanza !== undefined) left -= textIn(stanza)
  }
  return at
}

/** UTF-16 units of all texts. What is written beside them is small, or made of many small ones. */
const textIn = (stanza: Element.Element): number => {
  let sum = 0
  const open: Array<Element.Element> = [stanza]
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    for (const child of each.children) {
      if (typeof child === "string") sum += child.length
      else open.push(child)
    }
  }
  return sum
}

const stanzasMax = 256
const unitsMax = 65_536
