/**
 * `@xmpp/xml`, what xmpp.js stands on, at both ends: its elements written with `toString`, its parser fed with decoded
 * text. It checks next to nothing.
 */
import type { Element } from "@xmpp-e2e/xml"
import { type Element as LtxElement, Parser, xml } from "@xmpp/xml"
import { type Contender, one, perItem } from "./contender.ts"
import { header } from "./plain.ts"
import * as Tls from "./tls.ts"

/** In its own terms, a namespace is an attribute where it changes. */
export const elementOf = (element: Element.Element, around = "jabber:client"): LtxElement =>
  xml(
    element.name,
    {
      ...(element.namespace === around ? {} : { xmlns: element.namespace }),
      ...Object.fromEntries(element.attributes.map(({ name, value }) => [name, value]))
    },
    ...element.children.map((child) => typeof child === "string" ? child : elementOf(child, element.namespace))
  )

export const reading = (arrived: (element: LtxElement) => void): (bytes: Uint8Array) => void => {
  const decoder = new TextDecoder("utf-8", { fatal: true })
  const parser = new Parser()
  parser.on("element", arrived)
  parser.on("error", (error) => {
    throw error
  })
  return (bytes) => parser.write(decoder.decode(bytes, { stream: true }))
}

const speak: Tls.Speak = (socket, arrived) => {
  socket.on("data", reading(arrived))
  socket.write(header)
  return {
    load: (corpus) => {
      const elements = corpus.elements().map((element) => elementOf(element))
      return () => Tls.writeAll(socket, elements, String)
    },
    close: Tls.closing(socket)
  }
}

export const xmppXml: Contender = {
  name: "@xmpp/xml",
  about: "node:tls, the elements and the parser of xmpp.js at both ends",
  listen: Tls.listening(speak),
  dial: Tls.dialling(speak),
  weigh: one,
  total: perItem
}
