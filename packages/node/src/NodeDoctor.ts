/**
 * What this machine is like, as plain data, for whoever has to find out why two peers do not meet. Nothing is judged here, nothing is
 * changed, and nothing is sent but one question of multicast DNS on each interface.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { execFile } from "node:child_process"
import * as Fs from "node:fs/promises"
import * as Os from "node:os"
import { fileURLToPath } from "node:url"
import * as Files from "./internal/files.ts"
import { rulesOf } from "./internal/firewallRules.ts"
import * as IdentityFiles from "./internal/identityFiles.ts"
import { interfaces } from "./internal/interfaces.ts"
import * as MdnsProbe from "./internal/mdnsProbe.ts"
import * as PortHolder from "./internal/portHolder.ts"
import { neighboursOf } from "./internal/systemTables.ts"

/**
 * One interface and family. `Unopened`: no socket, with the code of the system. `others`: addresses of other machines that were
 * heard. `answeredHere`: another program of this machine answered.
 *
 * @since 0.1.0
 * @category models
 */
export type Multicast = { readonly via: string; readonly family: "IPv4" | "IPv6" } & MdnsProbe.Outcome

/**
 * Sends a question to 224.0.0.251 and ff02::fb (RFC 6762 §3) on each interface, and listens for a second to the answers and to
 * itself. Takes at most two and a half seconds.
 *
 * @since 0.1.0
 * @category probes
 */
export const multicast: Effect.Effect<ReadonlyArray<Multicast>> = Effect.suspend(() => {
  const all = interfaces()
  const own = new Set(all.flatMap(({ addresses }) => addresses.map(({ address }) => address)))
  return Effect.forEach(
    all.flatMap((where) => [
      ...(where.ipv4 === undefined ? [] : [[where, "udp4", "IPv4"] as const]),
      ...(where.hasIpv6 ? [[where, "udp6", "IPv6"] as const] : [])
    ]),
    ([where, socket, family]) =>
      Effect.map(MdnsProbe.probe(where, socket, own), (outcome) => ({ via: where.via, family, ...outcome })),
    { concurrency: "unbounded" }
  )
})

/**
 * Who has port 5353 of UDP: `code` is absent when nobody has it, `EADDRINUSE` when another program has, for IPv4 or for IPv6. `avahi`:
 * the Avahi daemon has left word that it runs, or is seen to run with a socket there.
 *
 * @since 0.1.0
 * @category models
 */
export interface Port {
  readonly code?: string
  readonly avahi: boolean
}

/**
 * Takes the port for a moment, unshared, of each family; so it comes before `multicast`.
 *
 * @since 0.1.0
 * @category probes
 */
export const port: Effect.Effect<Port> = Effect.gen(function*() {
  const avahi = yield* PortHolder.isAvahi
  const code = (yield* PortHolder.bindingFailure("udp4")) ?? (yield* PortHolder.bindingFailure("udp6"))
  return code === undefined ? { avahi } : { code, avahi }
})

/**
 * `Read`: whether what comes in is dropped unless allowed, and whether port 5353 is named. `Unreadable`: why. `neighbours`: other
 * machines of this network, but for routers, that the system has lately spoken with over IPv4, as far as it tells.
 *
 * @since 0.1.0
 * @category models
 */
export type Firewall =
  & { readonly neighbours: number }
  & (
    | { readonly _tag: "Read"; readonly drops: boolean; readonly names5353: boolean }
    | { readonly _tag: "Unreadable"; readonly why: string }
  )

/**
 * By `nft`, or else `iptables`, each of which gets a second.
 *
 * @since 0.1.0
 * @category probes
 */
export const firewall: Effect.Effect<Firewall> = Effect.gen(function*() {
  const [arp = "", routes = ""] = yield* Effect.forEach(
    ["/proc/net/arp", "/proc/net/route"],
    (path) => Effect.orElseSucceed(Effect.map(Files.read(path, 1_048_576), ({ text }) => text), () => "")
  )
  const neighbours = neighboursOf(arp, routes)
  const rules = yield* output("nft", ["list", "ruleset"]).pipe(
    Effect.catch((why) =>
      Effect.mapError(output("iptables", ["-S", "INPUT"]), (whyNeither) => `${why}, and ${whyNeither}`)
    ),
    Effect.result
  )
  if (rules._tag === "Failure") return { _tag: "Unreadable", why: rules.failure, neighbours }
  return { _tag: "Read", ...rulesOf(rules.success), neighbours }
})

const output = (program: string, words: ReadonlyArray<string>): Effect.Effect<string, string> =>
  Effect.callback((resume) => {
    const child = execFile(program, words, { timeout: 1000, maxBuffer: 4_194_304 }, (cause, text) => {
      resume(cause === null ? Effect.succeed(text) : Effect.fail(whyNot(program, cause.code)))
    })
    return Effect.sync(() => child.kill())
  })

const whyNot = (program: string, code: unknown): string =>
  code === "ENOENT" ? `${program} is not installed` : `${program} does not show them to this user`

/**
 * Milliseconds of the epoch: what the clock says, and when the newest file of this installation was written.
 *
 * @since 0.1.0
 * @category models
 */
export interface Times {
  readonly now: number
  readonly newestFile: number
}

/**
 * Asks no time server.
 *
 * @since 0.1.0
 * @category probes
 */
export const times: Effect.Effect<Times> = Effect.gen(function*() {
  const stats = yield* Effect.forEach(
    [fileURLToPath(import.meta.url), process.execPath],
    (path) => Effect.orElseSucceed(Effect.map(Files.attempt(() => Fs.stat(path)), ({ mtimeMs }) => mtimeMs), () => 0)
  )
  return { now: yield* Clock.currentTimeMillis, newestFile: Math.max(...stats) }
})

/**
 * `Usable`: the key fits the certificate, and nobody else can read or replace it. `keyMode` are the nine bits of access, absent where
 * they mean nothing; the certificate is valid from `notBefore` to `notAfter`, milliseconds of the epoch. `Unusable`: why not, in words; `isLocked` when only a passphrase is missing.
 *
 * @since 0.1.0
 * @category models
 */
export type Key =
  | { readonly _tag: "Usable"; readonly keyMode?: number; readonly notBefore: number; readonly notAfter: number }
  | { readonly _tag: "Unusable"; readonly isLocked: boolean; readonly why: string }

/**
 * Of `key.pem` and `cert.pem` in a directory. No passphrase is asked for. Takes at most three seconds.
 *
 * @since 0.1.0
 * @category probes
 */
export const key = (directory: string): Effect.Effect<Key> =>
  Effect.gen(function*() {
    const path = IdentityFiles.keyIn(directory)
    const { certificate } = yield* IdentityFiles.read([path, IdentityFiles.certificateIn(directory)], {})
    const stats = yield* Effect.option(Files.attempt(() => Fs.stat(path)))
    const isKnown = stats._tag === "Some" && process.platform !== "win32"
    const { notAfter, notBefore } = certificate
    return { _tag: "Usable", notBefore, notAfter, ...(isKnown ? { keyMode: stats.value.mode & 0o777 } : {}) } as const
  }).pipe(
    Effect.catch(({ detail, reason }) =>
      Effect.succeed<Key>({ _tag: "Unusable", isLocked: reason === "locked", why: detail })
    ),
    Effect.timeoutOrElse({
      duration: "3 seconds",
      orElse: () =>
        Effect.succeed<Key>({ _tag: "Unusable", isLocked: false, why: `${directory} could not be read in time` })
    })
  )

/**
 * What runs here.
 *
 * @since 0.1.0
 * @category models
 */
export interface Versions {
  readonly node: string
  readonly openssl: string
  readonly system: string
}

/**
 * As Node tells them.
 *
 * @since 0.1.0
 * @category probes
 */
export const versions: Effect.Effect<Versions> = Effect.sync(() => ({
  node: process.versions.node,
  openssl: process.versions.openssl ?? "none",
  system: `${Os.type()} ${Os.release()} (${process.arch})`
}))
