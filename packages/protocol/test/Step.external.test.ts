import { describe, expect, it } from "vitest"
import type { State } from "../src/State.ts"
import type { Verdict } from "../src/Verdict.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { addresses, base64, header, says } from "./speaking.ts"
import { awaitingChoice, awaitingVerdict, expectMove, type Input, play } from "./walking.ts"

const office = "office@harbor.example"
const nadia = addresses.initiator

/** EXTERNAL is on offer to a certificate that authorises these, in answer to a header with this `from`. */
const offered = (authorised: ReadonlyArray<string>, from?: string, more: Partial<Verdict> = {}, input?: Input): State =>
  play(
    awaitingVerdict("recipient", input),
    say.judged("recipient", { authorised, ...more }),
    header("recipient", { from })
  )

const usual = offered([nadia], nadia)

const expectFailure = (state: State, data: string, condition: string) => {
  expectMove(state, says(say.auth(data)), {
    label: "Responding.AwaitingChoice",
    actions: [`send sasl:failure(sasl:${condition})`],
    timers: ["+step 30000"]
  })
  // The same after a challenge: the response is data like any other.
  const challenged = play(state, says(say.auth()))
  expectMove(challenged, says(say.sasl("response", {}, data === "" ? [] : [data])), {
    label: "Responding.AwaitingChoice",
    actions: [`send sasl:failure(sasl:${condition})`],
    timers: ["+step 30000"]
  })
}

const expectEnd = (state: State, data: string, condition: string, rule: string) => {
  const next = expectMove(state, says(say.auth(data)), {
    label: "Closing.AwaitingFooter",
    actions: [`send sasl:failure(sasl:${condition})`, "send footer"],
    cause: "authenticationFailed"
  })
  expect(next).toMatchObject({ reason: { rule, detail: condition } })
}

const expectSuccess = (state: State, data: string, identity: string) => {
  const next = expectMove(state, says(say.auth(data)), {
    label: "Responding.AwaitingHeader",
    actions: ["send sasl:success", "RestartInput"],
    timers: ["+step 15000"]
  })
  const open = play(next, header("recipient", { from: undefined }))
  expect(open._tag === "Established" && open.admission.peer).toEqual({ address: identity, how: "sasl", verified: true })
}

table("7.4", () => {
  rowFor(
    "7.4.1",
    "SASL-14 SASL-15 SASL-48",
    [
      " bWlyYUB0YW5zeQ==",
      "bWlyYUB0YW5zeR==",
      "bWlyYUB0YW5zeQ",
      "==",
      "bW=yYQ==",
      "A===",
      "=AAA",
      "BBBB=CCC",
      "bmFk aWFh",
      "bmFk\n",
      "bmFk-_=="
    ]
      .map((data) => [JSON.stringify(data), data] as const),
    (data) => expectFailure(usual, data, "incorrect-encoding")
  )

  rowFor("7.4.2", "SASL-20", [
    ["a NUL at the end", base64(`${nadia}\0`)],
    ["a NUL alone", base64("\0")],
    ["broken UTF-8", Buffer.from([0xc3, 0x28]).toString("base64")],
    ["a surrogate", Buffer.from([0xed, 0xa0, 0x80]).toString("base64")],
    ["an overlong form", Buffer.from([0xc0, 0x80]).toString("base64")]
  ], (data) => expectFailure(usual, data, "malformed-request"))

  row("7.4.3", "SASL-22 AMB-08 from chooses, also among several", () => {
    expectSuccess(usual, "=", nadia)
    expectSuccess(offered([office, nadia], nadia), "=", nadia)
    expectSuccess(offered([office, nadia], `${nadia}/deck`), "=", nadia)
  })

  row("7.4.3", "SASL-23 without from the only one is it", () => expectSuccess(offered([nadia]), "=", nadia))

  row("7.4.3", "SASL-24 without from and with several nobody can choose", () => {
    expectFailure(offered([nadia, office], undefined), "=", "invalid-authzid")
    expectFailure(offered(["*.pumps.example"], undefined), "=", "invalid-authzid")
  })

  row("7.4.3", "SASL-25 nobody authorised at all", () => {
    // Nothing would be offered; a state that was restored says the same.
    const state = usual._tag === "Responding" && usual.link._tag === "Secured"
      ? { ...usual, link: { ...usual.link, verdict: say.verdict("recipient", { authorised: [] }) } }
      : usual
    expectEnd(state, "=", "not-authorized", "SASL-25")
    const nameless = offered([nadia])
    expectEnd(
      nameless._tag === "Responding" && nameless.link._tag === "Secured"
        ? { ...nameless, link: { ...nameless.link, verdict: say.verdict("recipient", { authorised: [] }) } }
        : nameless,
      "=",
      "not-authorized",
      "SASL-25"
    )
  })

  row("7.4.4", "SASL-20", () => {
    for (const authzid of [`${nadia}/deck`, "@@", "nadia@", "nadia@harbor.example/"]) {
      expectFailure(usual, base64(authzid), "invalid-authzid")
    }
  })

  row("7.4.5", "SASL-21 AMB-09", () => {
    expectFailure(usual, base64(office), "invalid-authzid")
    expectFailure(offered([nadia]), base64("harbor.example"), "invalid-authzid")
    expectSuccess(offered([nadia, office]), base64(office), office)
    expectSuccess(offered([nadia]), base64("NADIA@Harbor.Example"), nadia)
    expectSuccess(offered(["*.pumps.example"]), base64("a.pumps.example"), "a.pumps.example")
  })

  row("7.4.5", "SASL-25 the name in from is not in the certificate", () => {
    const lax: Input = { policy: { authenticatePeer: false } }
    const state = offered([office], nadia, {}, lax)
    expectEnd(state, "=", "not-authorized", "SASL-25")
    expectFailure(state, base64(nadia), "invalid-authzid")
  })

  row("7.4.6", "SASL-26", () => {
    expectFailure(offered([nadia, office], nadia), base64(office), "invalid-authzid")
    expectSuccess(offered([nadia, office], `${nadia}/deck`), base64(nadia), nadia)
  })

  row("7.4.7", "SASL-33 TIME-12", () => {
    const fresh = offered([nadia], nadia, { expiresIn: 1000 })
    const expired = expectMove(fresh, say.fires(fresh, "certificate"), {
      label: "Responding.AwaitingChoice",
      actions: ["report Diagnostic certificateExpired"],
      timers: []
    })
    expectEnd(expired, "=", "credentials-expired", "SASL-33")
    expectEnd(expired, base64(nadia), "credentials-expired", "SASL-33")
    expectFailure(expired, base64(office), "invalid-authzid")
  })

  row("7.4.8", "SASL-27 SASL-28 SASL-29 SASL-46 FEAT-17 HDR-27", () => {
    expectSuccess(usual, base64(nadia), nadia)
    expectSuccess(play(usual, says(say.auth("=", "PLAIN"))), "=", nadia)
    const challenged = play(usual, says(say.auth()))
    for (const data of [[], ["="], [base64(nadia)]]) {
      expectMove(challenged, says(say.sasl("response", {}, data)), {
        label: "Responding.AwaitingHeader",
        actions: ["send sasl:success", "RestartInput"]
      })
    }
  })
})

describe("after EXTERNAL", () => {
  it("SASL-46 the wanted peer is the one that was authorised", () => {
    const state = play(awaitingChoice("tls", { peer: nadia }), says(say.auth("=")))
    expect(play(state, header("recipient", { from: undefined }))._tag).toBe("Established")
    const stranger = offered([office], undefined, {}, { peer: nadia })
    const authenticated = play(stranger, says(say.auth("=")))
    expectMove(authenticated, header("recipient", { from: undefined }), {
      label: "Closing.AwaitingFooter",
      actions: [
        "send header",
        "send stream:features",
        "send stream:error(streams:invalid-from)",
        "send footer",
        "report SentError invalid-from"
      ],
      cause: "identity"
    })
  })
})
