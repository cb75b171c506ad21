/**
 * All that the machine of in-band bytestreams remembers, as plain data; octets stand in `Uint8Array`s, which nobody changes.
 *
 * @since 0.1.0
 */
import type { Stanza } from "./IbbEvent.ts"

/**
 * - `sessionsMax`: bytestreams at a time, expected ones included
 * - `blockSizeMax`, `blockSizeMin`: octets of a block, before base64, that we accept, and the least that we offer (IBB-01)
 * - `windowMax`: blocks of ours on their way and not answered, in each bytestream, 1 to 8 (IBB-09)
 * - `writtenOctetsMax`: octets of ours in each bytestream that have not been sent
 * - `receivedOctetsMax`, `receivedBlocksMax`: delivered and not consumed, in each bytestream
 * - `tolerateWhitespace`: white space within base64 is passed over (IBB-08)
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  readonly sessionsMax: number
  readonly blockSizeMax: number
  readonly blockSizeMin: number
  readonly windowMax: number
  readonly writtenOctetsMax: number
  readonly receivedOctetsMax: number
  readonly receivedBlocksMax: number
  readonly tolerateWhitespace: boolean
}

/**
 * The bytestreams, and the number that the next request of ours gets.
 *
 * @since 0.1.0
 * @category models
 */
export interface IbbState {
  readonly limits: Limits
  readonly sessions: ReadonlyArray<Session>
  readonly nextRequest: number
}

/**
 * One bytestream. It is `Expected` until the peer opens it, `Opening` until the peer has let us, then `Open`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Session {
  readonly peer: string
  readonly sid: string
  readonly phase: "Expected" | "Opening" | "Open"
  /** Octets before base64; what we would accept or have asked for, until it is `Open`. */
  readonly blockSize: number
  readonly stanza: Stanza
  /** The request to open it, while `Opening`. */
  readonly opening?: number
  readonly out: Outgoing
  readonly in: Incoming
  /** Our side wants it closed. */
  readonly isClosing: boolean
  /** Our request to close it, once sent, and whether the peer still knew what to close, once it has answered. */
  readonly close?: { readonly request: number; readonly answer?: "closed" | "unknown" }
  /** The id of the peer's request to close it, until it is answered. */
  readonly peerClose?: string
}

/**
 * Our direction: the next number, what waits, and what is on its way.
 *
 * @since 0.1.0
 * @category models
 */
export interface Outgoing {
  readonly seq: number
  readonly waiting: Uint8Array
  readonly onWay: ReadonlyArray<{ readonly request: number; readonly octets: number }>
}

/**
 * The peer's direction: the number that the next block must have, and the blocks delivered and not consumed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Incoming {
  readonly seq: number
  readonly unconsumed: ReadonlyArray<{ readonly id: string; readonly octets: number }>
}
