/**
 * Somebody on the network who means no good, for the tests of discovery: `PACE VICTIM OTHER ADDRESS…` sends so many messages a second
 * from these addresses in turn. What they hold takes turns as well: people whom nobody knows, the names of the two, and nonsense.
 */
import * as Message from "@xmpp-e2e/link-local/mdns/Message"
import * as Result from "effect/Result"
import * as Dgram from "node:dgram"

const [pace = "", victim = "", other = "", ...addresses] = process.argv.slice(2)
const service = "_presence._tcp.local."

const response = (answers: Message.Message["answers"]): Uint8Array =>
  Result.getOrThrow(
    Message.encode({
      id: 0,
      isResponse: true,
      truncated: false,
      questions: [],
      answers,
      authorities: [],
      additionals: []
    })
  )

/** All records of somebody, as an honest announcement has them. */
const announcement = (instance: string, host: string, address: string, ttl = 4500): Uint8Array => {
  const name = `${instance}.${service}`
  return response([
    { name: service, ttl, flush: true, data: { type: "PTR", target: name } },
    { name, ttl, flush: true, data: { type: "SRV", priority: 0, weight: 0, port: 6666, target: host } },
    { name, ttl, flush: true, data: { type: "TXT", strings: [btoa(`msg=${"m".repeat(200)}`), btoa("status=dnd")] } },
    { name: host, ttl, flush: true, data: { type: "A", address } }
  ])
}

const bytes = (...parts: ReadonlyArray<string | number>): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => typeof part === "number" ? [part] : [...new TextEncoder().encode(part)]))
const head = (answers: number) => bytes(0, 0, 0x84, 0, 0, 0, 0, answers, 0, 0, 0, 0)
const record = (type: number, length: number) => bytes(0, type, 0, 1, 0, 0, 0x11, 0x94, length >> 8, length & 0xff)
const joined = (...parts: ReadonlyArray<Uint8Array>): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))

const whole = announcement("eve@hill", "hill.local.", "10.77.0.66")
const odd: ReadonlyArray<Uint8Array> = [
  // A string of TXT that is longer than its record, a record that is longer than its message.
  joined(head(1), bytes(1, "x", 0), record(16, 3), bytes(200, "a", "b")),
  joined(head(1), bytes(1, "x", 0), record(16, 9000), bytes(1, "a")),
  joined(head(1), bytes(1, "x", 0), record(16, 0)),
  // A name that is itself, two that are each other, and one that leads ahead.
  joined(head(1), bytes(0xc0, 12), record(12, 2), bytes(0xc0, 12)),
  joined(head(1), bytes(0xc0, 14, 0xc0, 12), record(12, 2), bytes(0xc0, 12)),
  joined(head(1), bytes(0xff, 0xff), record(12, 2), bytes(0xc0, 12)),
  // Labels without end, more records than there are, nothing at all.
  joined(head(1), bytes(...Array.from({ length: 30 }, () => `${String.fromCharCode(63)}${"a".repeat(63)}`))),
  joined(head(255), whole.subarray(12)),
  whole.subarray(0, whole.length - 7),
  whole.subarray(0, 11),
  new Uint8Array(0),
  crypto.getRandomValues(new Uint8Array(1400))
]

let count = 0
const next = (): Uint8Array => {
  count += 1
  switch (count % 8) {
    case 0:
      return announcement(victim, "evil.local.", "10.77.0.66")
    case 1:
      return announcement(other, "evil.local.", "10.77.0.66")
    case 2:
      return announcement(other, "evil.local.", "10.77.0.66", 0)
    case 3:
      return odd[Math.floor(count / 8) % odd.length] ?? whole
    default:
      return announcement(`eve${count}@hill${count}`, `hill${count}.local.`, "10.77.0.66")
  }
}

const sockets = await Promise.all(addresses.map((address) =>
  new Promise<Dgram.Socket>((resolve) => {
    const socket = Dgram.createSocket({ type: "udp4", reuseAddr: true })
    socket.bind({ address, port: 5353, exclusive: true }, () => {
      socket.setMulticastInterface(address)
      resolve(socket)
    })
  })
))

process.stdout.write(`${JSON.stringify({ _tag: "Ready", at: Date.now() })}\n`)
const begun = performance.now()
setInterval(() => {
  const due = Number(pace) * (performance.now() - begun) / 1000
  while (count < due) sockets[count % sockets.length]?.send(next(), 5353, "224.0.0.251")
}, 10)
setInterval(() => process.stdout.write(`${JSON.stringify({ _tag: "Sent", count, at: Date.now() })}\n`), 500)
