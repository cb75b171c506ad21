/**
 * What stands in line on the lane, and what is done about it when its turn has come.
 */
import type { StartTls, TransportError } from "@xmpp-e2e/transport/Connection"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import type * as drafts from "./draft.ts"
import type { Ports } from "./lane.ts"

export type Item =
  | { readonly _tag: "Bytes"; readonly piece: drafts.Piece }
  | { readonly _tag: "Tls"; readonly options: StartTls }
  | { readonly _tag: "Rest" }
  | { readonly _tag: "End" }

/** What the lane has to know of it. */
export interface Told {
  /** Nothing leaves any more. */
  readonly stop: () => void
  readonly written: (piece: drafts.Piece) => void
}

export const performer = (
  ports: Ports,
  told: Told
): (item: Item) => Effect.Effect<unknown, TransportError> => {
  const write = (piece: drafts.Piece) => {
    ports.wired(piece.bytes)
    return Effect.flatMap(ports.connection.write(piece.bytes), () => {
      told.written(piece)
      return ports.eased
    })
  }

  const turnToTls = (options: StartTls) =>
    Effect.matchEffect(ports.connection.startTls(options), {
      onFailure: ({ detail }) => {
        told.stop()
        return ports.inbox.post({ _tag: "Happened", event: { _tag: "TlsFailed", fault: detail } })
      },
      onSuccess: (facts) => {
        const { chain, cipher, protocol, resumed } = facts
        ports.outcome.secured(facts)
        return ports.inbox.post({
          _tag: "Happened",
          event: {
            _tag: "TlsEstablished",
            facts: { protocol, cipher, resumed, chain: chain.map((each) => Base64.encode(each)) }
          }
        })
      }
    })

  return (item) => {
    switch (item._tag) {
      case "Bytes":
        return write(item.piece)
      case "Tls":
        return turnToTls(item.options)
      case "Rest":
        return Effect.sleep(restMillis)
      case "End":
        return Effect.andThen(ports.connection.end, ports.inbox.post({ _tag: "SaidAll" }))
    }
  }
}

/** Long enough for a peer on this network to read what came before. */
const restMillis = 50
