/** Files offered and fetched, over the real machine of bytestreams; laws with the faults that they find. */
import { Element } from "@xmpp-e2e/xml"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as FileOffer from "../src/FileOffer.ts"
import type { FileOfferEvent } from "../src/FileOfferEvent.ts"
import * as FileUrl from "../src/FileUrl.ts"
import * as Exchange from "./exchange.ts"
import { changed, type Stanza } from "./link.ts"

const names = ["owner", "guest"] as const
const content = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }),
  fc.integer({ min: 65_530, max: 66_000 }).map((length) => new Uint8Array(length).fill(7))
)
const limits = fc.record({
  windowMax: fc.integer({ min: 1, max: 8 }),
  blockSizeMax: fc.constantFrom(50, 4096),
  receivedBlocksMax: fc.constantFrom(8, 64)
})
const both = (exchange: Exchange.Exchange) => names.map((name) => Exchange.outcomes(exchange, name).join())

/** As many octets, and one of them another: XEP-0047 does not notice. */
const flipped = (stanza: Stanza): ReadonlyArray<Stanza> => {
  if (stanza._tag !== "Request" || stanza.element.name !== "data") return [stanza]
  const bytes = Result.getOrThrow(Base64.decode(Element.text(stanza.element)))
  const other = Base64.encode(bytes.map((octet, at) => at === 0 ? octet ^ 1 : octet))
  return [{ ...stanza, element: changed(stanza.element, {}, other) }]
}
const longer = (stanza: Stanza): ReadonlyArray<Stanza> =>
  stanza._tag === "Request" && stanza.element.name === "data"
    ? [{ ...stanza, element: changed(stanza.element, {}, Base64.encode(new Uint8Array(49))) }]
    : [stanza]

interface Trouble {
  readonly kind: "lost" | "flipped" | "longer" | "ownerCancels" | "guestCancels" | "storage"
  readonly at: number
}
const trouble: fc.Arbitrary<Trouble> = fc.record({
  kind: fc.constantFrom("lost", "flipped", "longer", "ownerCancels", "guestCancels", "storage"),
  at: fc.nat(40)
})
const harmOf = { lost: () => [], flipped, longer } as const

const disturbed = (content: Uint8Array, limits: Exchange.Options["limits"], trouble: Trouble, step?: Exchange.Step) => {
  const { at, kind } = trouble
  const harm = kind === "lost" || kind === "flipped" || kind === "longer" ? harmOf[kind] : undefined
  const exchange = Exchange.make({
    content,
    ...(limits === undefined ? {} : { limits }),
    ...(harm === undefined ? {} : { damage: { at, harm } }),
    ...(kind === "storage" ? { storageFailsAt: at * 5 } : {}),
    ...(step === undefined ? {} : { step })
  })
  if (kind === "ownerCancels" || kind === "guestCancels") {
    Exchange.move(exchange, at)
    Exchange.tell(exchange, kind === "ownerCancels" ? "owner" : "guest", { _tag: "CancelRequested" })
  }
  Exchange.move(exchange)
  Exchange.end(exchange)
  return exchange
}

const safety = (step?: Exchange.Step) =>
  fc.property(content, limits, trouble, (content, limits, trouble) => {
    const { guest, owner } = disturbed(content, limits, trouble, step)
    const isKept = guest.name !== undefined
    assert.deepEqual(guest.kept, isKept ? [...content] : [], "what is kept is the whole file, or nothing")
    assert.isAtMost(guest.most, content.length, "never more than was said")
    assert.strictEqual(guest.offer?._tag ?? "Over", "Over")
    assert.strictEqual(owner.offer?._tag, "Over")
    for (const party of [guest, owner]) {
      const finished = party.told.filter(({ _tag }) => _tag === "Finished").length
      assert.strictEqual(finished, party.offer === undefined ? 0 : 1, "it is said once how it went")
    }
    const says = owner.told.some((action) => action._tag === "Finished" && action.outcome === "Delivered")
    assert.isTrue(isKept || !says, "delivered is what is kept")
  })

const believesAnyHash: Exchange.Step = (state, event) =>
  event._tag === "Hashed" && state._tag === "Checking"
    ? FileOffer.step(state, { ...event, sha256: state.file.sha256 })
    : FileOffer.step(state, event)
const leavesParts: Exchange.Step = (state, event) => {
  const done = FileOffer.step(state, event)
  return { ...done, actions: done.actions.filter(({ _tag }) => _tag !== "Discard") }
}
const takesMore: Exchange.Step = (state, event) =>
  state._tag === "Receiving" && event._tag === "Delivered"
    ? FileOffer.step({ ...state, file: { ...state.file, size: 1e9 } }, event)
    : FileOffer.step(state, event)

describe("laws of offered files", () => {
  it("XEP-0066 §2 a file that is wanted arrives as it was, whatever its size, and both know", () => {
    fc.assert(
      fc.property(content, limits, (content, limits) => {
        const exchange = Exchange.make({ content, limits })
        Exchange.move(exchange)
        assert.deepEqual(both(exchange), ["Delivered", "Delivered"])
        assert.deepEqual(exchange.guest.kept, [...content])
        assert.strictEqual(exchange.guest.name, "letter.txt")
        assert.deepEqual([exchange.owner.ibb.sessions, exchange.guest.ibb.sessions], [[], []])
        const last = exchange.guest.told.findLast(({ _tag }) => _tag === "Progress")
        if (content.length > 0) {
          assert.deepEqual(last, { _tag: "Progress", octets: content.length, size: content.length })
        }
      }),
      { numRuns: 60 }
    )
  })

  it("after any trouble what is kept is the whole file or nothing, both finish, and delivered is what is kept", () => {
    fc.assert(safety(), { numRuns: 400 })
  })

  it.each([
    ["a hash that is not compared", believesAnyHash],
    ["parts that are left", leavesParts],
    ["octets beyond the size", takesMore]
  ])("find a fault: %s", (_, step) => assert.isTrue(fc.check(safety(step), { numRuns: 3000 }).failed))

  it("nothing is opened and nothing kept before a person says yes, whatever comes", () => {
    const event = fc.constantFrom<FileOfferEvent>(
      { _tag: "Opened" },
      { _tag: "Delivered", bytes: new Uint8Array(3) },
      { _tag: "Appended" },
      { _tag: "Hashed", sha256: "0".repeat(64) },
      { _tag: "Ended" },
      { _tag: "ResumeRequested" },
      { _tag: "Answered" },
      { _tag: "Read", bytes: new Uint8Array(3) },
      { _tag: "Acknowledged", octets: 3 }
    )
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let { state } = FileOffer.receive("owner", FileUrl.toElement("owner", file), 1e6)
        for (const event of events) {
          const done = FileOffer.step(state, event)
          assert.deepEqual(done.actions.filter(({ _tag }) => _tag !== "Declined"), [])
          state = done.state
        }
        assert.deepEqual(FileOffer.step(state, { _tag: "AcceptRequested" }).actions, [{ _tag: "Open", sid: "f1" }])
      })
    )
  })
})

const file: FileUrl.OfferedFile = { sid: "f1", name: "../a\u202etxt.exe", size: 10, sha256: "0".repeat(64) }
const hello = new TextEncoder().encode("hello")

describe("offered files", () => {
  it("are asked about with a safe name and their size", () => {
    assert.deepEqual(FileOffer.receive("owner", FileUrl.toElement("owner", file), 10).actions, [
      { _tag: "Ask", name: "atxt.exe", size: 10 }
    ])
  })

  it("XEP-0066 §2 that are not wanted, or too large, are not acceptable, and nothing is fetched", () => {
    const refused = Exchange.make({ content: hello, wants: false })
    const large = Exchange.make({ content: hello, sizeMax: 4 })
    for (const exchange of [refused, large]) {
      Exchange.move(exchange)
      assert.deepEqual(both(exchange), ["Refused", "Refused"])
      assert.deepInclude(exchange.guest.told, {
        _tag: "Answer",
        error: { type: "modify", condition: "not-acceptable" }
      })
      assert.deepEqual(exchange.owner.ibb.sessions, [])
    }
    assert.isFalse(large.guest.told.some(({ _tag }) => _tag === "Ask"))
    assert.isTrue(large.guest.told.some((action) => action._tag === "Declined" && /5 octets, and 4/.test(action.why)))
  })

  it("that are no files over this stream are refused as such", () => {
    const link = Element.make("jabber:iq:oob", "query", {}, [
      Element.make("jabber:iq:oob", "url", {}, ["https://example.org/a"])
    ])
    const [answer, , finished] = FileOffer.receive("owner", link, 10).actions
    assert.deepEqual(answer, { _tag: "Answer", error: { type: "cancel", condition: "feature-not-implemented" } })
    assert.deepEqual(finished, { _tag: "Finished", outcome: "Unsound" })
    const another = FileOffer.receive("tybalt", FileUrl.toElement("owner", file), 10).actions[0]
    assert.deepEqual(another, { _tag: "Answer", error: { type: "modify", condition: "not-acceptable" } })
  })

  it.each(
    [
      ["flipped", 3, ["Damaged", "Damaged"]],
      ["lost", 3, ["Interrupted", "Interrupted"]],
      ["ownerCancels", 3, ["Cancelled", "Interrupted"]],
      ["guestCancels", 6, ["Cancelled", "Cancelled"]],
      ["storage", 1, ["Interrupted", "Unusable"]]
    ] as const
  )("that meet with %s at %i: both learn %j", (kind, at, expected) => {
    const big = new Uint8Array(500).fill(1)
    assert.deepEqual(both(disturbed(big, { blockSizeMax: 50 }, { kind, at })), [...expected])
  })

  it("are not resumed, in a sentence", () => {
    const state = FileOffer.offer("owner", file).state
    const { actions, state: after } = FileOffer.step(state, { _tag: "ResumeRequested" })
    assert.strictEqual(after, state)
    assert.isTrue(actions.some((action) => action._tag === "Declined" && /not resumed; offer/.test(action.why)))
  })

  it("that have become shorter than was offered are not sent on", () => {
    const sending = FileOffer.step(FileOffer.offer("owner", file).state, { _tag: "Opened" })
    assert.deepEqual(sending.actions, [{ _tag: "ReadFile", offset: 0, octets: 10 }])
    assert.deepEqual(FileOffer.step(sending.state, { _tag: "Read", bytes: new Uint8Array(9) }).actions, [
      { _tag: "Abort", sid: "f1" },
      { _tag: "Finished", outcome: "Unusable" }
    ])
  })
})
