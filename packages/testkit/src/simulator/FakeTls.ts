/**
 * A stand-in for TLS with its manners and without its secrets: a handshake of three messages, then records of which nobody
 * can change a byte unnoticed. Bytes that are no record end it, and what is inside looks like no XML.
 *
 * @since 0.1.0
 */
import type { Event } from "@xmpp-e2e/protocol"
import { concat, latin } from "../internal/bytes.ts"
import * as Records from "../internal/simulator/records.ts"

/**
 * How one side behaves once it turns to TLS: `fails` refuses the other's hello, `silent` never says a word, and
 * `plaintext` goes on in XML.
 *
 * @since 0.1.0
 * @category models
 */
export type Manner = "honest" | "fails" | "silent" | "plaintext"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly as: "client" | "server"
  readonly manner: Manner
  /** What this side shows: certificates, end entity first. */
  readonly chain: ReadonlyArray<string>
  /** Bytes for the link. */
  readonly send: (bytes: Uint8Array) => void
  readonly established: (facts: Event.TlsFacts) => void
  /** Before it was established. */
  readonly failed: (fault: string) => void
  readonly heard: (bytes: Uint8Array) => void
  /** close_notify came. */
  readonly ended: () => void
  /** After it was established: the other side gave up, or bytes were changed. */
  readonly broken: () => void
}

/**
 * @since 0.1.0
 * @category models
 */
export interface FakeTls {
  /** The first word of a client; a server waits. */
  readonly start: () => void
  /** Bytes of the link, in any pieces. */
  readonly receive: (bytes: Uint8Array) => void
  readonly write: (bytes: Uint8Array) => void
  /** close_notify. */
  readonly end: () => void
  readonly isEstablished: () => boolean
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): FakeTls => {
  const { manner, send } = options
  const session: Session = { options, stage: "shaking" }
  let unread: Uint8Array = new Uint8Array()
  return {
    start: () => {
      if (manner === "plaintext") send(Uint8Array.from("<presence/>", (each) => each.charCodeAt(0)))
      else if (options.as === "client" && manner !== "silent") say(session, { says: "hello", chain: [] })
    },
    receive: (bytes) => {
      unread = concat([unread, bytes])
      while (session.stage !== "over" && unread.length > 0) {
        const found = Records.read(unread)
        if (found === "more") return
        if (found === "none") return fail(session, "bytes that are no record")
        unread = unread.subarray(found.length)
        onRecord(session, found)
      }
    },
    write: (bytes) => {
      for (let at = 0; at < bytes.length && session.stage === "established"; at += Records.payloadMax) {
        send(Records.write(Records.DATA, bytes.subarray(at, at + Records.payloadMax)))
      }
    },
    end: () => {
      if (session.stage === "established") send(Records.write(Records.ALERT, "close"))
    },
    isEstablished: () => session.stage === "established"
  }
}

interface Session {
  readonly options: Options
  stage: "shaking" | "established" | "over"
}

const say = ({ options }: Session, message: Records.Message): void =>
  options.send(Records.write(Records.HANDSHAKE, JSON.stringify(message)))

const fail = (session: Session, fault: string): void => {
  session.options.send(Records.write(Records.ALERT, "fatal"))
  giveUp(session, fault)
}

const giveUp = (session: Session, fault: string): void => {
  const { broken, failed } = session.options
  const wasEstablished = session.stage === "established"
  session.stage = "over"
  if (wasEstablished) broken()
  else failed(fault)
}

const onRecord = (session: Session, { payload, type }: Records.Record): void => {
  const { options, stage } = session
  switch (type) {
    case Records.HANDSHAKE:
      return stage === "shaking" ? onMessage(session, payload) : fail(session, "renegotiation")
    case Records.DATA:
      return stage === "established" ? options.heard(payload) : fail(session, "data before the handshake")
    case Records.ALERT:
      return stage === "established" && latin(payload) === "close"
        ? options.ended()
        : giveUp(session, "the peer gave up")
  }
}

const onMessage = (session: Session, payload: Uint8Array): void => {
  const { as, chain, manner } = session.options
  const message = Records.readMessage(payload)
  if (message === undefined) return fail(session, "a handshake that is none")
  if (manner === "fails") return fail(session, "no cipher in common")
  if (manner === "silent") return
  if (as === "server" && message.says === "hello") return say(session, { says: "certificate", chain })
  if (as === "client" && message.says === "certificate") {
    say(session, { says: "finished", chain })
    return establish(session, message.chain)
  }
  if (as === "server" && message.says === "finished") return establish(session, message.chain)
  fail(session, "out of turn")
}

const establish = (session: Session, shown: ReadonlyArray<string>): void => {
  session.stage = "established"
  session.options.established({ protocol: "TLSv1.3", cipher: "TLS_FAKE", resumed: false, chain: shown })
}
