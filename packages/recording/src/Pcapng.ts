/**
 * The wire of a recording as a packet capture (pcapng), for Wireshark and its kin. The bytes are those of the recording;
 * the network around them is made up: Ethernet, IPv4 and TCP frames between documentation addresses (RFC 5737), with the
 * right lengths, numbers and checksums. A comment in the file says so.
 *
 * A recording holds what the XML reader saw, which after TLS is what TLS carried. So that nobody takes it for TLS records,
 * the stream goes on in a second connection once TLS is there.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import * as Block from "./internal/pcapng/block.ts"
import * as Frame from "./internal/pcapng/frame.ts"
import * as Recording from "./Recording.ts"

/**
 * A capture as it is written: bytes for the beginning, for each line, for the end, to be put one after the other.
 *
 * @since 0.1.0
 * @category models
 */
export interface Capture {
  readonly begin: () => Uint8Array
  /** Empty for a step. */
  readonly take: (line: Recording.Line) => Uint8Array
  readonly end: () => Uint8Array
  /** How many frames there are so far; none when the recording holds no wire. */
  readonly frames: () => number
}

/**
 * `startMillis` is when the recording began, in milliseconds since 1970; `at` of each line counts from there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (head: Recording.Head, startMillis: number): Capture => {
  const isInitiator = head.config.role === "initiator"
  let connections = 0
  let connection: Frame.Connection | undefined
  let last = 0
  let frames = 0

  const packet = (frame: Uint8Array): Uint8Array => {
    frames += 1
    return Block.packet(startMillis + last, frame)
  }

  const close = (): ReadonlyArray<Uint8Array> => {
    const open = connection
    connection = undefined
    return open === undefined ? [] : Frame.close(open).map(packet)
  }

  const chunk = (line: Recording.Wire): ReadonlyArray<Uint8Array> => {
    const bytes = Option.getOrElse(Recording.bytesOf(line), () => new Uint8Array())
    last = Math.max(last, boundedMillis(line.at))
    const opened = connection === undefined ? Frame.open(connections++) : undefined
    const using = connection ?? opened?.connection
    if (using === undefined) return []
    const fromInitiator = isInitiator === (line.wire === "out")
    const sent = Frame.data(using, fromInitiator, bytes)
    connection = sent.connection
    return [...opened?.frames ?? [], ...sent.frames].map(packet)
  }

  return {
    begin: () => Block.join([Block.section(comment), Block.ethernet()]),
    take: (line) => {
      if (Recording.isWire(line)) return Block.join(chunk(line))
      return line.event._tag === "TlsEstablished" ? Block.join(close()) : new Uint8Array()
    },
    end: () => Block.join(close()),
    frames: () => frames
  }
}

/**
 * A whole recording.
 *
 * @since 0.1.0
 * @category encoding
 */
export const encode = (recording: Recording.Recording, startMillis: number): Uint8Array => {
  const capture = make(recording.head, startMillis)
  return Block.join([capture.begin(), ...recording.lines.map(capture.take), capture.end()])
}

/** Times are for people: what is none, or lies outside what a capture can say, is bent to what it can. */
const boundedMillis = (at: number): number => Math.min(Math.max(0, at), millisMax)

const comment = "Made from the recording of an XML stream. Addresses, ports and all that is not payload are made up: " +
  "192.0.2.1 is the initiator, 192.0.2.2 the recipient. After TLS the payload is what TLS carried; it goes on in a second " +
  "connection."

const millisMax = 1e13
