/**
 * Pseudonyms in the place of whatever says who somebody is, in events of discovery. What the roster looks at stays: which
 * names are the same, which are none, which host belongs to which machine, how an address is reached, the status.
 *
 * Names of interfaces stay as long as they have the form that systems give them, since the roster sorts by them; others may
 * hold the number of a network card, or a name.
 *
 * @internal
 */
import * as Pseudonym from "@xmpp-e2e/recording/Pseudonym"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import * as Capabilities from "../Capabilities.ts"
import type { DiscoveryEvent, Resolved } from "../DiscoveryEvent.ts"
import type { Head, Line } from "../DiscoveryRecording.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Txt from "../Txt.ts"

export interface Veil {
  readonly head: (head: Head) => Head
  readonly line: (line: Line) => Line
}

export const make = (secret: Uint8Array | string): Veil => {
  const names = Pseudonym.make(secret, "linkLocal")
  const event = eventVeil(names)
  return {
    head: ({ expected, limits, own, startedAt }) => ({
      own: own.map(names.address),
      expected: expected.map(names.address),
      limits,
      ...startedAt === undefined ? {} : { startedAt },
      redacted: true
    }),
    line: (line) =>
      "event" in line
        ? { ...line, event: event(line.event) }
        : "own" in line
        ? { ...line, own: line.own.map(names.address) }
        : line
  }
}

const eventVeil = (names: Pseudonym.Pseudonyms) => (event: DiscoveryEvent): DiscoveryEvent => {
  const via = interfaceName(names, event.via)
  switch (event._tag) {
    case "InterfaceUp":
    case "InterfaceDown":
      return { _tag: event._tag, via }
    case "Appeared":
      return { _tag: event._tag, via, instance: names.address(event.instance) }
    case "Vanished":
      return { _tag: event._tag, via, instance: names.address(event.instance), why: event.why }
    case "Resolved":
      return { _tag: event._tag, via, ...resolved(names, event, event.via) }
  }
}

const resolved = (names: Pseudonym.Pseudonyms, { addresses, host, instance, port, txt }: Resolved, via: string) => ({
  instance: names.address(instance),
  host: hostName(names, host),
  port,
  addresses: addresses.map((text) => address(names, text, via)),
  txt: txt.map((text) => string(names, text))
})

const interfaceName = (names: Pseudonym.Pseudonyms, via: string): string => systemName.test(via) ? via : names.id(via)

/** The machine's part of an instance and its host stay the same name. */
const hostName = (names: Pseudonym.Pseudonyms, host: string): string => {
  const [, machine, ending] = /^([^.]+)(\.local\.?)$/i.exec(host) ?? []
  const [user = "", domain] = machine === undefined ? [] : names.address(`host@${machine}`).split("@")
  return user === "" || domain === undefined ? names.host(host) : domain + (ending ?? "").toLowerCase()
}

/** Another one that is reached in the same way; what nobody can be dialled at becomes something nobody can be dialled at. */
const address = (names: Pseudonym.Pseudonyms, text: string, via: string): string => {
  const read = Endpoint.read(text, via)
  if (read === undefined) return "?"
  const digits = names.fingerprint(read.address.padEnd(fingerprintDigits))
  const groups = (digits.match(/.{4}/g) ?? []).slice(0, 4).join(":")
  const octets = (digits.match(/.{2}/g) ?? []).map((pair) => Number.parseInt(pair, 16))
  switch (read.reach) {
    case "link":
      return `fe80::${groups}%${interfaceName(names, via)}`
    case "routed6":
      return `fd00::${groups}`
    case "routed4":
      return `10.${octets.slice(0, 3).join(".")}`
    case "selfAssigned4":
      return `169.254.${octets.slice(0, 2).join(".")}`
  }
}

/** A string of TXT in base64. */
const string = (names: Pseudonym.Pseudonyms, text: string): string => {
  const octets = Base64.decode(text)
  const entry = Result.isSuccess(octets) ? Txt.entryOf(octets.success) : undefined
  if (entry === undefined) return ""
  const key = known.has(entry.key) ? entry.key : names.id(entry.key)
  const value = entry.value && said(names, entry.key, decoder.decode(entry.value))
  return Base64.encode(value === undefined ? key : `${key}=${value}`)
}

const said = (names: Pseudonym.Pseudonyms, key: string, value: string): string => {
  if (harmless.get(key)?.test(value) === true) return value
  if (key === "hash" && Capabilities.hashNames.includes(value.toLowerCase())) return value
  if (key === "phsh") return /^[0-9a-f]{40}$/i.test(value) ? names.fingerprint(value.toLowerCase()) : "?"
  return worded.has(key) ? value.split(" ").map(names.id).join(" ") : names.id(value)
}

const harmless: ReadonlyMap<string, RegExp> = new Map([
  ["txtvers", /^[0-9]{1,3}$/],
  ["status", /^(?:avail|away|dnd)$/],
  ["vc", /^[AVC!]*$/i],
  ["port.p2pj", /^[0-9]{1,5}$/]
])
const worded = new Set(["email", "jid", "ext"])
const known = new Set([...harmless.keys(), ...worded, ..."1st last nick msg node ver hash phsh".split(" ")])
/** `eth0`, `wlp0s20f3`, `en0`, `lo`. */
const systemName = /^[a-z]{1,6}[0-9]{0,3}(?:[a-z][0-9]{1,3}){0,4}$/
const fingerprintDigits = 16
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })
