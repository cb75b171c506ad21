import { assert, describe, it } from "@effect/vitest"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as FileSharing from "../src/FileSharing.ts"
import { content, couple, file, romeo, shelf } from "./files.ts"
import { settle, world } from "./support.ts"

/** Offers, until the other person is asked. */
const offering = Effect.fnUntraced(function*(
  from: Pick<FileSharing.FileSharing, "offer">,
  at: E2eStream,
  offered: FileSharing.OwnFile,
  to: { readonly offered: ReadonlyArray<FileSharing.Incoming> },
  following: FileSharing.Following = {}
) {
  const sending = yield* Effect.forkChild(Effect.result(from.offer(at, offered, following)), { startImmediately: true })
  yield* settle
  return { sending, incoming: to.offered.at(-1) }
})

describe("a file", () => {
  it.effect("XEP-0066 §2 is asked about with its name, size and type, and is whole when it is there", () =>
    Effect.gen(function*() {
      const { at, hers, his } = yield* couple()
      const bytes = content(100_000)
      const sent: Array<number> = []
      const got: Array<number> = []
      const { incoming, sending } = yield* offering(
        his,
        at.his,
        file(bytes, { name: "../../letter.txt", mediaType: "text/plain" }),
        hers,
        { onProgress: ({ octets }) => Effect.sync(() => void sent.push(octets)) }
      )
      assert.isDefined(incoming)
      const { mediaType, name, peer, size } = incoming
      assert.deepStrictEqual([peer, name, size, mediaType], [romeo, "letter.txt", 100_000, "text/plain"])
      assert.deepStrictEqual([sent, yield* hers.waiting], [[], [incoming]])
      const place = shelf()
      const kept = yield* incoming.accept(place.sink, {
        onProgress: ({ octets }) => Effect.sync(() => void got.push(octets))
      })
      assert.strictEqual(kept, "letter.txt")
      assert.deepStrictEqual(place.bytes(), bytes)
      assert.strictEqual((yield* Fiber.join(sending))._tag, "Success")
      assert.deepStrictEqual([sent[0], sent.at(-1), got.at(-1)], [0, 100_000, 100_000])
      assert.deepStrictEqual([yield* incoming.decided, yield* hers.waiting, place.closed], ["accepted", [], [true]])
    }).pipe(Effect.scoped, Effect.provide(world)))
})
