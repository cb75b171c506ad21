import { describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Explain from "../src/Explain.ts"
import * as Recording from "../src/Recording.ts"
import * as Replay from "../src/Replay.ts"
import * as Corpus from "./corpus.ts"
import { scenarios } from "./scenarios.ts"

/** How each story ends, written by hand: a corpus that only agrees with itself proves little. */
const ends: Readonly<Record<string, string>> = {
  "clear-session.initiator": "clean Finished closedBySelf",
  "clear-session.recipient": "clean Finished closedByPeer",
  "closed-by-recipient.initiator": "clean Finished closedByPeer",
  "closed-by-recipient.recipient": "clean Finished closedBySelf",
  "direct-tls.initiator": "clean Finished closedBySelf",
  "direct-tls.recipient": "clean Finished closedByPeer",
  "initiator-not-believed.initiator": "unclean NotAdmitted refusedByPeer",
  "initiator-not-believed.recipient": "unclean NotAdmitted certificate",
  "legacy-peer-refused.recipient": "clean PeerIncompatible unsupportedVersion",
  "legacy-peer.initiator": "clean Finished closedBySelf",
  "legacy-peer.recipient": "clean Finished closedByPeer",
  "not-xml.initiator": "unclean PeerMisbehaved misbehaved",
  "queued-before-open.initiator": "clean Finished closedBySelf",
  "queued-before-open.recipient": "clean Finished closedByPeer",
  "recipient-not-believed.initiator": "unclean NotAdmitted certificate",
  "recipient-not-believed.recipient": "unclean NotAdmitted refusedByPeer",
  "redirected.initiator": "clean PeerReported reported",
  "redirected.recipient": "clean LocalPolicy failedBySelf",
  "secure-session.initiator": "clean Finished closedBySelf",
  "secure-session.recipient": "clean Finished closedByPeer",
  "silent-peer.initiator": "unclean Environment silence",
  "simultaneous-close.initiator": "clean Finished closedBySelf",
  "simultaneous-close.recipient": "clean Finished closedBySelf",
  "stream-management.initiator": "clean Finished closedBySelf",
  "stream-management.recipient": "clean Finished closedByPeer",
  "tls-failed.initiator": "unclean NotAdmitted tlsFailed",
  "tls-failed.recipient": "unclean NotAdmitted tlsFailed",
  "tls-refused.initiator": "clean NotAdmitted tlsRefused",
  "tls-refused.recipient": "clean NotAdmitted tlsRefused",
  "truncated.recipient": "unclean Environment truncated",
  "unknown-host.initiator": "clean PeerReported reported",
  "unknown-host.recipient": "clean PeerMisbehaved misbehaved"
}

const end = (recording: Recording.Recording): string | undefined => {
  for (const { actions } of Recording.steps(recording)) {
    for (const action of actions) {
      if (action._tag !== "Report" || action.notice._tag !== "Ended") continue
      const { clean, reason } = action.notice
      return `${clean ? "clean" : "unclean"} ${reason._tag} ${reason.cause}`
    }
  }
  return undefined
}

describe("the corpus", () => {
  it("holds every story, and no file that nobody knows", () => {
    expect(Corpus.names()).toEqual(Object.keys(ends).sort())
    expect(Corpus.names()).toEqual(expect.arrayContaining(scenarios().map(({ name }) => name)))
  })

  it("has a message and an orderly close where it says so", () => {
    const secure = Result.getOrThrow(Recording.decode(Corpus.textOf("secure-session.initiator")))
    const done = Recording.steps(secure).flatMap(({ actions }) => actions.map((action) => action._tag))
    expect(done).toEqual(expect.arrayContaining(["StartTls", "JudgePeer", "Deliver", "SendFooter", "EndTransport"]))
  })

  for (const name of Corpus.names()) {
    const text = Corpus.textOf(name)
    const recording = Result.getOrThrow(Recording.decode(text))

    it(`P-21 ${name} replays as it was recorded`, () => {
      expect(Explain.outcome(Replay.run(recording))).toBe(`matched: ${recording.lines.length} steps, Closed`)
    })

    it(`${name} ends as its story says`, () => {
      expect(end(recording)).toBe(ends[name])
    })

    it(`P-21 ${name} comes out the same to the byte`, () => {
      expect(recording.torn).toBeUndefined()
      expect(Recording.encode(Replay.renew(recording)).split("\n")).toEqual(text.split("\n"))
    })
  }
})
