/**
 * Items as stanzas: what our stream is given, and what the pipelines of XML without rules write.
 */
import { Element } from "@xmpp-e2e/xml"
import type { Item } from "./items.ts"

/** The addresses of a stanza. */
export interface Way {
  readonly from: string
  readonly to: string
}

export const elementOf = (item: Item, { from, to }: Way): Element.Element => {
  const { id } = item
  switch (item._tag) {
    case "chat":
      return client("message", { id, from, to, type: "chat" }, [
        client("body", {}, [item.body]),
        Element.make("http://jabber.org/protocol/chatstates", item.state)
      ])
    case "presence":
      return client("presence", { id, from, to }, [
        client("show", {}, [item.show]),
        client("status", {}, [item.status]),
        client("priority", {}, [String(item.priority)]),
        Element.make(capabilities, "c", { hash: "sha-1", node, ver: item.version }),
        Element.make(picture, "x", {}, [Element.make(picture, "photo", {}, [item.photo])])
      ])
    case "iq":
      return client("iq", { id, from, to, type: "result" }, [
        Element.make(disco, "query", { node: `${node}#v2` }, [
          Element.make(disco, "identity", { category: "client", type: item.client, name: "Balcony" }),
          ...item.features.map((each) => Element.make(disco, "feature", { var: each }))
        ])
      ])
    case "encrypted":
      return client("message", { id, from, to, type: "chat" }, [
        Element.make(sealed, "encrypted", {}, [
          Element.make(sealed, "header", { sid: String(item.sid) }, [
            ...item.keys.map(({ key, rid }) => Element.make(sealed, "key", { rid: String(rid) }, [key])),
            Element.make(sealed, "iv", {}, [item.iv])
          ]),
          Element.make(sealed, "payload", {}, [item.payload])
        ]),
        Element.make("urn:xmpp:hints", "store")
      ])
    case "block":
      return client("message", { id, from, to }, [
        Element.make("http://jabber.org/protocol/ibb", "data", { sid: item.sid, seq: String(item.seq) }, [item.data])
      ])
  }
}

const client = (
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: ReadonlyArray<Element.Node>
): Element.Element => Element.make("jabber:client", name, attributes, children)

const capabilities = "http://jabber.org/protocol/caps"
const picture = "vcard-temp:x:update"
const disco = "http://jabber.org/protocol/disco#info"
const sealed = "eu.siacs.conversations.axolotl"
const node = "https://balcony.example/client"
