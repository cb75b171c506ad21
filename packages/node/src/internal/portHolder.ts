/**
 * Whether port 5353 is held, and whether by Avahi.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Dgram from "node:dgram"
import * as Fs from "node:fs/promises"
import * as Files from "./files.ts"
import { usersOn } from "./systemTables.ts"

/** The code of the system when the port of this family cannot be had alone; nothing also where there is no such family. */
export const bindingFailure = (type: Dgram.SocketType): Effect.Effect<string | undefined> =>
  Effect.callback((resume) => {
    const socket = Dgram.createSocket({ type, ipv6Only: type === "udp6" })
    socket.once("error", (cause) => {
      socket.close()
      const code = Files.codeOf(cause)
      resume(Effect.succeed(noFamily.has(code) ? undefined : code))
    })
    socket.bind({ port: 5353, exclusive: true }, () => socket.close(() => resume(Effect.succeed(undefined))))
  })

/** It has left word of its number, or a program of that name runs as a user who has a socket on the port. */
export const isAvahi: Effect.Effect<boolean> = Effect.gen(function*() {
  if (yield* Effect.isSuccess(Files.attempt(() => Fs.stat("/run/avahi-daemon/pid")))) return true
  const tables = yield* Effect.forEach(
    ["/proc/net/udp", "/proc/net/udp6"],
    (path) => Effect.orElseSucceed(Effect.map(Files.read(path, tableBytesMax), ({ text }) => text), () => "")
  )
  const users = new Set(tables.flatMap((table) => usersOn(5353, table)))
  if (users.size === 0) return false
  const processes = yield* Effect.orElseSucceed(
    Effect.map(Files.attempt(() => Fs.readdir("/proc")), (names) => names.filter((name) => /^\d+$/.test(name))),
    () => []
  )
  const found = yield* Effect.findFirst(processes, (id) => Effect.map(avahiUser(id), (user) => users.has(user)))
  return found._tag === "Some"
})

/** Whose process this is, if it is Avahi; processes come and go. */
const avahiUser = (id: string): Effect.Effect<number> =>
  Effect.gen(function*() {
    const { text } = yield* Files.read(`/proc/${id}/comm`, 64)
    if (text.trim() !== "avahi-daemon" || (yield* isElsewhere(id))) return nobody
    return (yield* Files.attempt(() => Fs.stat(`/proc/${id}`))).uid
  }).pipe(Effect.orElseSucceed(() => nobody))

/** In another network namespace: it has other ports. Where that is not told to us, it may be here. */
const isElsewhere = (id: string): Effect.Effect<boolean> => {
  const network = (of: string) => Files.attempt(() => Fs.readlink(`/proc/${of}/ns/net`))
  return Effect.all([network(id), network("self")]).pipe(
    Effect.map(([its, ours]) => its !== ours),
    Effect.orElseSucceed(() => false)
  )
}

const nobody = -1
const noFamily: ReadonlySet<string> = new Set(["EAFNOSUPPORT", "EADDRNOTAVAIL"])
const tableBytesMax = 1_048_576
