/**
 * A socket of multicast DNS: on one interface, of one family, on a port that other programs use as well (RFC 6762 §15.1). It is bound
 * to the group, so that it takes nothing away from the others that is sent to one of them.
 *
 * @internal
 */
import type * as MdnsEvent from "@xmpp-e2e/link-local/mdns/Event"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import * as Dgram from "node:dgram"
import { isIPv4, isIPv6 } from "node:net"
import type { Interface } from "./interfaces.ts"

export type Family = "udp4" | "udp6"

export interface Multicast {
  readonly send: (bytes: Uint8Array, to: MdnsEvent.Source | undefined) => void
  /** Whether it still works; not so once its interface is gone. */
  readonly works: () => boolean
  /** Once everything that was sent has left. */
  readonly close: Effect.Effect<void>
}

type OnMessage = (bytes: Uint8Array, source: MdnsEvent.Source) => void

/** Fails with what Node says. */
export const open = (where: Interface, family: Family, onMessage: OnMessage): Effect.Effect<Multicast, Error> =>
  Effect.callback((resume) => {
    const socket = Dgram.createSocket({ type: family, reuseAddr: true, ipv6Only: family === "udp6", lookup })
    const [group, here] = placesOf(where, family)
    const wire: Wire = { socket, group, via: where.via, works: true, waiting: 0 }
    socket.on("error", (cause) => {
      shut(wire)
      resume(Effect.fail(cause))
    })
    socket.on("message", (bytes, { address, port }) => onMessage(bytes, { address: bare(address), port }))
    socket.bind({ address: wildcards[family] ?? group, port: mdnsPort, exclusive: true }, () => {
      try {
        socket.setMulticastTTL(255)
        socket.setTTL(255)
        socket.setMulticastLoopback(true)
        socket.addMembership(bare(group), here)
        socket.setMulticastInterface(here)
        resume(Effect.succeed(multicast(wire)))
      } catch (cause) {
        shut(wire)
        resume(Effect.fail(cause instanceof Error ? cause : new Error(String(cause))))
      }
    })
    return Effect.sync(() => shut(wire))
  })

interface Wire {
  readonly socket: Dgram.Socket
  readonly group: string
  readonly via: string
  works: boolean
  waiting: number
}

const multicast = (wire: Wire): Multicast => ({
  send: (bytes, to) => {
    if (!wire.works) return
    wire.waiting += 1
    // What cannot be sent now, for want of an address yet or of a route, is sent again in the order of things.
    wire.socket.send(bytes, to?.port ?? mdnsPort, to === undefined ? wire.group : zoned(to.address, wire.via), () => {
      wire.waiting -= 1
    })
  },
  works: () => wire.works,
  close: Effect.sync(() => wire.waiting === 0).pipe(
    Effect.repeat({ until: (isEmpty) => isEmpty, schedule: Schedule.spaced("2 millis") }),
    Effect.timeoutOption("500 millis"),
    Effect.andThen(Effect.sync(() => shut(wire)))
  )
})

const shut = (wire: Wire): void => {
  if (wire.works) wire.socket.close()
  wire.works = false
}

/** The group, and the interface in the words that its options take. */
const placesOf = ({ ipv4, via }: Interface, family: Family): readonly [group: string, here: string] =>
  family === "udp4" ? ["224.0.0.251", ipv4 ?? ""] : [`ff02::fb%${via}`, `::%${via}`]

const bare = (address: string): string => address.split("%")[0] ?? ""

const zoned = (address: string, via: string): string => /^fe[89ab]/i.test(address) ? `${address}%${via}` : address

/** Addresses only, and at once: a name would be looked up, and even an address would wait for a turn. */
const lookup = (
  host: string,
  _: unknown,
  done: (error: NodeJS.ErrnoException | null, address: string, family: number) => void
): void => {
  if (isIPv4(host)) done(null, host, 4)
  else if (isIPv6(bare(host))) done(null, host, 6)
  else done(new Error(`${host} is no address`), "", 0)
}

/** Windows binds no socket to a group. */
const wildcards: Partial<Record<Family, string>> = process.platform === "win32" ? { udp4: "0.0.0.0", udp6: "::" } : {}

const mdnsPort = 5353
