/**
 * The wire of a recording as a packet capture (pcapng), for Wireshark and its kin. The bytes are those of the recording;
 * the network around them is made up: Ethernet, IPv4 and TCP frames between documentation addresses (RFC 5737), with the
 * right lengths, numbers and checksums. A comment in the file says so.
 *
 * A recording that holds TLS as the network carried it gives one connection: the clear text, and then TLS. Its secrets go
 * into the file as well, before the first packet of TLS, so that whoever opens it reads what TLS carried.
 *
 * Any other recording holds what the XML reader saw, which after TLS is what TLS carried. So that nobody takes it for TLS
 * records, the stream then goes on in a second connection once TLS is there.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import * as Block from "./internal/pcapng/block.ts"
import * as Frame from "./internal/pcapng/frame.ts"
import * as Recording from "./Recording.ts"

/**
 * A capture as it is written: bytes for the beginning, for each line, for the end, to be put one after the other. Packets
 * of the handshake of TLS are held back until its secrets are known, a mebibyte of them at most.
 *
 * @since 0.1.0
 * @category models
 */
export interface Capture {
  readonly begin: () => Uint8Array
  /** Empty for most steps. */
  readonly take: (line: Recording.Line) => Uint8Array
  readonly end: () => Uint8Array
  /** How many frames there are so far; none when the recording holds no wire. */
  readonly frames: () => number
  /** What there is of TLS so far: nothing, TLS that nobody can read, or TLS with its secrets. */
  readonly tls: () => "none" | "sealed" | "open"
}

/**
 * `startMillis` is when the recording began, in milliseconds since 1970; `at` of each line counts from there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (head: Recording.Head, startMillis: number): Capture => {
  const isInitiator = head.config.role === "initiator"
  const vault = makeVault()
  let connections = 0
  let connection: Frame.Connection | undefined
  let last = 0
  let frames = 0
  let hasTls = false

  const packet = (frame: Uint8Array): Uint8Array => {
    frames += 1
    return Block.packet(startMillis + last, frame)
  }

  const close = (): ReadonlyArray<Uint8Array> => {
    const open = connection
    connection = undefined
    return open === undefined ? [] : Frame.close(open).map(packet)
  }

  const chunk = (direction: "in" | "out", line: Recording.Wire | Recording.Tls): ReadonlyArray<Uint8Array> => {
    const bytes = Option.getOrElse(Recording.bytesOf(line), () => new Uint8Array())
    last = Math.max(last, boundedMillis(line.at))
    const opened = connection === undefined ? Frame.open(connections++) : undefined
    const using = connection ?? opened?.connection
    if (using === undefined) return []
    const fromInitiator = isInitiator === (direction === "out")
    const sent = Frame.data(using, fromInitiator, bytes)
    connection = sent.connection
    return [...opened?.frames ?? [], ...sent.frames].map(packet)
  }

  const take = (line: Recording.Line): ReadonlyArray<Uint8Array> => {
    if (Recording.isKeyLog(line)) return vault.secret(line.keylog)
    if (Recording.isTls(line)) {
      hasTls = true
      return vault.packets(chunk(line.tls, line))
    }
    // From here on the wire is what TLS carries, and that is in the capture already.
    if (Recording.isWire(line)) return hasTls ? [] : chunk(line.wire, line)
    if (line.event._tag !== "TlsEstablished") return []
    return hasTls ? vault.open() : close()
  }

  return {
    begin: () => Block.join([Block.section(head.tls === true ? commentOnTls : comment), Block.ethernet()]),
    take: (line) => Block.join(take(line)),
    end: () => Block.join([...vault.open(), ...close()]),
    frames: () => frames,
    tls: () => hasTls ? vault.hasSecrets() ? "open" : "sealed" : "none"
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

/** What is held back so that secrets come before the packets that need them; each answers what has to be written now. */
interface Vault {
  readonly packets: (packets: ReadonlyArray<Uint8Array>) => ReadonlyArray<Uint8Array>
  readonly secret: (line: string) => ReadonlyArray<Uint8Array>
  readonly open: () => ReadonlyArray<Uint8Array>
  readonly hasSecrets: () => boolean
}

const makeVault = (): Vault => {
  let isOpen = false
  let hasSecrets = false
  let held: Array<Uint8Array> = []
  let heldBytes = 0
  let secrets: Array<string> = []

  const open = (): ReadonlyArray<Uint8Array> => {
    const all = [...secrets.length === 0 ? [] : [Block.secrets(secrets)], ...held]
    isOpen = true
    held = []
    secrets = []
    return all
  }

  const hold = (bytes: number): ReadonlyArray<Uint8Array> => {
    heldBytes += bytes
    return isOpen || heldBytes > heldBytesMax ? open() : []
  }

  return {
    packets: (packets) => {
      held.push(...packets)
      return hold(packets.reduce((sum, { length }) => sum + length, 0))
    },
    secret: (line) => {
      hasSecrets = true
      secrets.push(line)
      return hold(line.length)
    },
    open,
    hasSecrets: () => hasSecrets
  }
}

/** Times are for people: what is none, or lies outside what a capture can say, is bent to what it can. */
const boundedMillis = (at: number): number => Math.min(Math.max(0, at), millisMax)

const madeUp = "Made from the recording of an XML stream. Addresses, ports and all that is not payload are made up: " +
  "192.0.2.1 is the initiator, 192.0.2.2 the recipient. "
const comment = madeUp + "After TLS the payload is what TLS carried; it goes on in a second connection."
const commentOnTls = madeUp +
  "TLS is as it went over the network, and its secrets are in this file: whoever has it can " +
  "read everything."

const millisMax = 1e13
const heldBytesMax = 1_048_576
