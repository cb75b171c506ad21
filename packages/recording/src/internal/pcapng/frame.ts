/**
 * Frames of a TCP connection that never was: Ethernet II, IPv4 (RFC 791) and TCP (RFC 9293), from one made-up host to the
 * other, each acknowledging what the other has sent so far.
 */
import { join } from "./block.ts"

/**
 * Where the two directions stand: the sequence number of each side's next byte.
 *
 * @internal
 */
export interface Connection {
  readonly port: number
  readonly initiator: number
  readonly recipient: number
  /** Counts datagrams. */
  readonly id: number
}

/** @internal */
export interface Sent {
  readonly connection: Connection
  readonly frames: ReadonlyArray<Uint8Array>
}

/** The handshake of the connection of that number. @internal */
export const open = (number: number): Sent =>
  many({ port: firstPort + number % 1000, initiator: 0, recipient: 0, id: 0 }, [
    { fromInitiator: true, flags: syn, bytes: nothing },
    { fromInitiator: false, flags: syn | ack, bytes: nothing },
    { fromInitiator: true, flags: ack, bytes: nothing }
  ])

/** Bytes of one side, in segments that Ethernet carries. @internal */
export const data = (connection: Connection, fromInitiator: boolean, bytes: Uint8Array): Sent => {
  const segments: Array<Segment> = []
  for (let from = 0; from < bytes.length; from += segmentBytesMax) {
    segments.push({ fromInitiator, flags: psh | ack, bytes: bytes.subarray(from, from + segmentBytesMax) })
  }
  return many(connection, segments)
}

/** Both directions end. @internal */
export const close = (connection: Connection): ReadonlyArray<Uint8Array> =>
  many(connection, [
    { fromInitiator: true, flags: fin | ack, bytes: nothing },
    { fromInitiator: false, flags: fin | ack, bytes: nothing },
    { fromInitiator: true, flags: ack, bytes: nothing }
  ]).frames

interface Segment {
  readonly fromInitiator: boolean
  readonly flags: number
  readonly bytes: Uint8Array
}

const many = (connection: Connection, segments: ReadonlyArray<Segment>): Sent => {
  let at = connection
  const frames: Array<Uint8Array> = []
  for (const segment of segments) {
    frames.push(frame(at, segment))
    const taken = segment.bytes.length + ((segment.flags & (syn | fin)) === 0 ? 0 : 1)
    const side = segment.fromInitiator ? "initiator" : "recipient"
    at = { ...at, [side]: (at[side] + taken) % 2 ** 32, id: (at.id + 1) % 2 ** 16 }
  }
  return { connection: at, frames }
}

const frame = (connection: Connection, segment: Segment): Uint8Array => {
  const { fromInitiator } = segment
  const source = fromInitiator ? initiatorAddress : recipientAddress
  const target = fromInitiator ? recipientAddress : initiatorAddress
  const tcp = tcpSegment(connection, segment, source, target)
  return join([
    hardware(target),
    hardware(source),
    ethernetOfIp,
    ipHeader(tcp.length, connection.id, source, target),
    tcp
  ])
}

const tcpSegment = (
  { initiator, port, recipient }: Connection,
  { bytes, flags, fromInitiator }: Segment,
  source: Uint8Array,
  target: Uint8Array
): Uint8Array => {
  const view = new DataView(new ArrayBuffer(tcpHeaderBytes + bytes.length))
  view.setUint16(0, fromInitiator ? port : xmppPort)
  view.setUint16(2, fromInitiator ? xmppPort : port)
  view.setUint32(4, fromInitiator ? initiator : recipient)
  view.setUint32(8, (flags & ack) === 0 ? 0 : fromInitiator ? recipient : initiator)
  view.setUint8(12, (tcpHeaderBytes / 4) << 4)
  view.setUint8(13, flags)
  view.setUint16(14, 65_535)
  const segment = new Uint8Array(view.buffer)
  segment.set(bytes, tcpHeaderBytes)
  const length = Uint8Array.of(0, tcpProtocol, segment.length >> 8, segment.length & 0xff)
  view.setUint16(16, checksum([source, target, length, segment]))
  return segment
}

const ipHeader = (payload: number, id: number, source: Uint8Array, target: Uint8Array): Uint8Array => {
  const view = new DataView(new ArrayBuffer(ipHeaderBytes))
  view.setUint8(0, 0x45)
  view.setUint16(2, ipHeaderBytes + payload)
  view.setUint16(4, id)
  // Do not fragment.
  view.setUint16(6, 0x4000)
  view.setUint8(8, 64)
  view.setUint8(9, tcpProtocol)
  const header = new Uint8Array(view.buffer)
  header.set(source, 12)
  header.set(target, 16)
  view.setUint16(10, checksum([header]))
  return header
}

/** RFC 1071. Every part but the last has an even length. @internal */
export const checksum = (parts: ReadonlyArray<Uint8Array>): number => {
  let sum = 0
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 2) sum += ((part[at] ?? 0) << 8) | (part[at + 1] ?? 0)
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}

/** Locally administered, and as telling as the address. */
const hardware = (address: Uint8Array): Uint8Array => join([Uint8Array.of(2, 0), address])

const nothing = new Uint8Array()
const ethernetOfIp = Uint8Array.of(8, 0)
const initiatorAddress = Uint8Array.of(192, 0, 2, 1)
const recipientAddress = Uint8Array.of(192, 0, 2, 2)
const ipHeaderBytes = 20
const tcpHeaderBytes = 20
const tcpProtocol = 6
const segmentBytesMax = 1460
const firstPort = 49_152
const xmppPort = 5222
const fin = 0x01
const syn = 0x02
const psh = 0x08
const ack = 0x10
