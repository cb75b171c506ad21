/**
 * Items as people would put them who speak JSON: the same content, and nothing that only XML needs.
 */
import type { Way } from "./elements.ts"
import type { Item } from "./items.ts"

export type Json = string | number | ReadonlyArray<Json> | { readonly [name: string]: Json }

export const objectOf = (item: Item, { from, to }: Way): Json => {
  const { id } = item
  switch (item._tag) {
    case "chat":
      return { stanza: "message", type: "chat", id, from, to, body: item.body, state: item.state }
    case "presence":
      return {
        stanza: "presence",
        id,
        from,
        to,
        show: item.show,
        status: item.status,
        priority: item.priority,
        caps: { hash: "sha-1", node: "https://balcony.example/client", ver: item.version },
        photo: item.photo
      }
    case "iq":
      return {
        stanza: "iq",
        type: "result",
        id,
        from,
        to,
        query: {
          node: "https://balcony.example/client#v2",
          identities: [{ category: "client", type: item.client, name: "Balcony" }],
          features: item.features
        }
      }
    case "encrypted":
      return {
        stanza: "message",
        type: "chat",
        id,
        from,
        to,
        encrypted: {
          sid: item.sid,
          keys: item.keys.map(({ key, rid }) => ({ rid, key })),
          iv: item.iv,
          payload: item.payload
        },
        store: "yes"
      }
    case "block":
      return { stanza: "message", id, from, to, data: { sid: item.sid, seq: item.seq, data: item.data } }
  }
}
