import { assert, describe, it } from "@effect/vitest"
import { Invite } from "@xmpp-e2e/serverless"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Invited from "../src/invited.ts"

const uriOf = (certificate: string, naming: "jid" | "linkLocal" = "jid"): string =>
  Invite.encode(Result.getOrThrow(Invite.make({
    address: "oskar@linden",
    naming,
    certificate: certificate.repeat(32),
    places: [{ host: "192.0.2.7", port: 5298 }]
  })))

const flags: Invited.Flags = { naming: "jid", tls: "required", legacy: "refuse" }
const nobody = { ...flags, to: Option.none(), invite: Option.none(), host: Option.none(), port: Option.none() }
const invited = { ...nobody, invite: Option.some(uriOf("ab")) }

const refused = (wish: Partial<Invited.Wish>, believed: ReadonlyArray<string> = []) =>
  Effect.flip(Invited.wanted({ ...invited, ...wish }, believed))

describe("invites that are given", () => {
  it.effect("say who is wanted, where, and by what to know him", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Invited.wanted(invited, []), {
        to: "oskar@linden",
        places: [{ host: "192.0.2.7", port: 5298 }],
        invites: [Result.getOrThrow(Invite.decode(uriOf("ab")))]
      })
      const to = { ...nobody, to: Option.some("a@b"), host: Option.some("a"), port: Option.some(1) }
      assert.deepStrictEqual(yield* Invited.wanted(to, ["--trust-system"]), { to: "a@b", places: [], invites: [] })
    }))

  it.effect.each<
    readonly [what: string, wish: Partial<Invited.Wish>, believed: ReadonlyArray<string>, sentence: string]
  >([
    ["no invite", { invite: Option.some("xmpp:oskar@linden") }, [], "--invite: This is no invite"],
    ["nobody", { invite: Option.none() }, [], "say whom you want: --to, or --invite"],
    ["two who are wanted", { to: Option.some("a@b") }, [], "say whom you want: --to, or --invite"],
    ["a place beside it", { port: Option.some(1) }, [], "--invite says where to look"],
    ["others to believe", {}, ["--trust-system"], "so that --trust-system has no effect"],
    ["TLS that is optional", { tls: "optional" }, [], "with --tls optional anybody could come without a certificate"],
    ["peers without TLS", { legacy: "accept" }, [], "with --legacy accept anybody could come without a certificate"],
    ["names of another kind", { naming: "link-local" }, [], "the --invite is by JIDs: --naming jid"],
    ["link-local names", { invite: Option.some(uriOf("ab", "linkLocal")) }, [], "add --naming link-local"]
  ])("wrong usage: %s", ([, wish, believed, sentence]) =>
    Effect.gen(function*() {
      const failure = yield* refused(wish, believed)
      assert.strictEqual(failure.code, 2)
      assert.include(failure.sentence, sentence)
    }))

  it.effect("may be several at a listener, but not two that contradict each other", () =>
    Effect.gen(function*() {
      const welcome = (...invite: ReadonlyArray<string>) => Invited.welcome({ ...flags, invite })
      assert.deepStrictEqual(yield* Invited.welcome({ ...flags, tls: "optional", invite: [] }), [])
      assert.lengthOf(yield* welcome(uriOf("ab"), uriOf("ab")), 2)
      const { sentence } = yield* Effect.flip(welcome(uriOf("ab"), uriOf("cd")))
      assert.include(sentence, "two --invite of oskar@linden have different fingerprints")
    }))
})
