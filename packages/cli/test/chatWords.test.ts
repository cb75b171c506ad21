import type { Roster } from "@xmpp-e2e/link-local"
import type { ChatEvent } from "@xmpp-e2e/serverless"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Words from "../src/chatWords.ts"

const heard = (text: string, mark: ChatEvent.Mark = "known") =>
  Words.event({ _tag: "Show", peer: "mira@tansy", entry: { by: "them", text, mark } })

const ours = (state: "waiting" | "sent" | "received" | "failed", more: Partial<ChatEvent.Entry> = {}) =>
  Words.event({
    _tag: "Show",
    peer: "mira@tansy",
    entry: { by: "us", id: "1", text: "Good morning", state, ...more } as ChatEvent.Entry
  }).join("\n")

describe("the words of chat", () => {
  it.each(
    [
      ["verified", "mira@tansy (verified): Hello"],
      ["known", "mira@tansy (known): Hello"],
      ["unverified", "mira@tansy (not verified): Hello"],
      ["unencrypted", "mira@tansy (NOT ENCRYPTED): Hello"]
    ] as const
  )("what is %s is marked in words", (mark, line) => assert.deepStrictEqual(heard("Hello", mark), [line]))

  it("what somebody else writes cannot steer the terminal, nor pass for a line of ours", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      const lines = heard(text)
      for (const line of lines) assert.notMatch(line, /[\p{Cc}\p{Zl}\p{Zp}\u202e]/u)
      for (const line of lines.slice(1)) assert.isTrue(line.startsWith("    "))
    }))
    assert.deepStrictEqual(heard("one\n\u001b[2Jtwo"), ["mira@tansy (known): one", "    \\u{1b}[2Jtwo"])
  })

  it("pictures that are joined stay one", () => {
    assert.deepStrictEqual(heard("👩‍👧 ok"), ["mira@tansy (known): 👩‍👧 ok"])
    assert.deepStrictEqual(heard("a\u200db"), ["mira@tansy (known): a\\u{200d}b"])
  })

  it("XEP-0184 tells what was received, what was not sent and why, and what anybody may have read", () => {
    assert.strictEqual(ours("waiting"), "")
    assert.strictEqual(ours("sent", { mark: "known" }), "")
    assert.match(ours("sent", { mark: "unencrypted" }), /NOT ENCRYPTED: anybody/)
    assert.match(ours("received"), /mira@tansy has received "Good morning"/)
    assert.match(ours("failed", { why: "nobody answers" }), /"Good morning" was not sent: nobody answers/)
  })

  it("what was said before comes back with its marks", () => {
    const recalled = Words.recalled("mira@tansy", [
      { by: "them", text: "Hello", mark: "unencrypted" },
      { by: "us", id: "1", text: "Hello you", state: "received" }
    ])
    assert.deepStrictEqual(recalled, ["mira@tansy (NOT ENCRYPTED): Hello", "to mira@tansy (received): Hello you"])
  })

  it("LL-22 who comes and how he is; where he can be reached is no news", () => {
    const entity: Roster.Entity = {
      address: { naming: "linkLocal", local: "mira", domain: "tansy" },
      instance: "mira@tansy",
      presence: { status: "away", message: "on the roof", other: [] },
      endpoints: [{ via: "eth0", host: "tansy.local", reach: "link", address: "192.0.2.1", port: 5298 }],
      via: ["eth0"],
      isDisputed: false
    }
    assert.deepStrictEqual(Words.change({ _tag: "Came", entity }), ["+ mira@tansy, away: \"on the roof\""])
    assert.deepStrictEqual(Words.change({ _tag: "Moved", entity }), [])
  })

  it("our own presence, and whether anybody is told", () => {
    const presence = { status: "dnd", message: "asleep", other: [] } as const
    assert.strictEqual(
      Words.present(presence, { _tag: "Announced", instance: "mira@tansy" }),
      "you are not to be disturbed: \"asleep\"; everybody on this network is told"
    )
    assert.include(Words.present(presence, { _tag: "Unannounced" }), "nobody on this network is told of you")
  })

  it("the line at the bottom says to whom one writes, and how sure that is", () => {
    assert.strictEqual(Words.prompt(undefined, undefined, false), "> ")
    assert.strictEqual(Words.prompt("mira@tansy", undefined, false), "to mira@tansy (not connected)> ")
    assert.strictEqual(Words.prompt("mira@tansy", "unencrypted", true), "to mira@tansy (NOT ENCRYPTED, is typing)> ")
  })
})
