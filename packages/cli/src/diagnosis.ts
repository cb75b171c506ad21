/** What the findings of `doctor` mean, and what to do about them: pure. How they are made is in `NodeDoctor` of `@xmpp-e2e/node`. */
import type { NodeDoctor } from "@xmpp-e2e/node"

export interface Finding {
  readonly check: "multicast" | "port" | "firewall" | "clock" | "key" | "certificate" | "versions"
  readonly level: "ok" | "warning" | "failed"
  /** What was found, and what to do: a sentence each. */
  readonly found: string
  readonly advice: string
}

export interface Probes {
  readonly multicast: ReadonlyArray<NodeDoctor.Multicast>
  readonly port: NodeDoctor.Port
  readonly firewall: NodeDoctor.Firewall
  readonly times: NodeDoctor.Times
  /** Absent: no identity was named. */
  readonly key?: NodeDoctor.Key
  readonly versions: NodeDoctor.Versions & { readonly own: string }
}

export const judge = (probes: Probes): ReadonlyArray<Finding> => [
  ...multicast(probes.multicast),
  port(probes),
  firewall(probes),
  clock(probes),
  ...(probes.key === undefined ? [] : key(probes.key, probes.times)),
  versions(probes.versions)
]

const nothing = "Nothing is to be done."

const multicast = (all: Probes["multicast"]): ReadonlyArray<Finding> => {
  if (all.length > 0) return all.map(reach)
  return [{
    check: "multicast",
    level: "failed",
    found: "No interface is up that has an address and a network.",
    advice: "Connect this machine to a network."
  }]
}

const reach = (one: NodeDoctor.Multicast): Finding => {
  const [check, where] = ["multicast", `${one.via}, ${one.family}`] as const
  if (one._tag === "Unopened") {
    return {
      check,
      level: "failed",
      found: `${where}: no socket could be opened on port 5353 (${one.code}).`,
      advice: one.code === "EADDRINUSE"
        ? "End the program that has port 5353 for itself, or have it share the port."
        : "Ask whoever runs this machine to let you use multicast on this interface."
    }
  }
  if (!one.heardSelf) {
    return {
      check,
      level: one.others.length > 0 ? "warning" : "failed",
      found: `${where}: our own question was not heard${one.others.length > 0 ? ", though others were" : ""}.`,
      advice:
        "Let UDP to and from port 5353 through the firewall, and see that the interface has multicast switched on."
    }
  }
  return {
    check,
    level: "ok",
    found: `${where}: we hear ourselves, and ${counted(one.others.length)}.`,
    advice: nothing
  }
}

const counted = (others: number): string =>
  `${others === 0 ? "no" : others} other ${others < 2 ? "machine" : "machines"}`

const port = ({ multicast, port: { avahi, code } }: Probes): Finding => {
  const check = "port"
  const answers = multicast.some((one) => one._tag === "Listened" && one.answeredHere)
  const who = avahi ? "Avahi" : "another program"
  if (code === undefined) {
    const others = answers ? ", though another program here answered" : ", and nobody else here has it"
    return { check, level: "ok", found: `Port 5353 can be bound${others}.`, advice: nothing }
  }
  if (code !== "EADDRINUSE") {
    const advice = "Ask whoever runs this machine to let you use port 5353 of UDP."
    return { check, level: "failed", found: `Port 5353 cannot be bound (${code}).`, advice }
  }
  if (multicast.some(({ _tag }) => _tag === "Listened")) {
    const found = `Port 5353 is shared with ${who}${answers ? ", which answers" : ""}.`
    return { check, level: "ok", found, advice: nothing }
  }
  // Without an interface nobody has tried to share it.
  const [level, found] = multicast.length === 0
    ? ["warning", `Port 5353 is in use by ${who}; whether it is shared is not known.`] as const
    : ["failed", `Port 5353 is in use by ${who} and is not shared.`] as const
  return { check, level, found, advice: "End the program that has port 5353, or have it share the port." }
}

const firewall = ({ firewall: rules, multicast }: Probes): Finding => {
  const check = "firewall"
  const isHeard = multicast.some((one) => one._tag === "Listened" && one.others.length > 0)
  const told = rules._tag === "Unreadable" ? `; the rules were not read: ${rules.why}` : ""
  if (isHeard) return { check, level: "ok", found: `Other machines are heard${told}.`, advice: nothing }
  const advice = "Let UDP to port 5353 come in, and see that the network does not keep its guests apart."
  if (rules._tag === "Read" && rules.drops && !rules.names5353) {
    const found = "No other machine is heard, and the rules drop what comes in without a word on port 5353."
    return { check, level: "warning", found, advice }
  }
  if (rules.neighbours > 0) {
    const found = `No other machine is heard, though the system knows ${counted(rules.neighbours)}${told}.`
    return { check, level: "warning", found, advice }
  }
  return rules._tag === "Read"
    ? { check, level: "ok", found: "No rule is seen that keeps port 5353 closed.", advice: nothing }
    : {
      check,
      level: "warning",
      found: `No other machine is heard${told}.`,
      advice: "Read the rules as root: nft list ruleset."
    }
}

const dayMillis = 86_400_000

const clock = ({ key: own, times: { newestFile, now } }: Probes): Finding => {
  const check = "clock"
  const advice = "Set the clock, or turn on the time service of the system."
  if (now < newestFile - dayMillis) {
    const found = `The clock says ${date(now)}, but files of this installation are from ${date(newestFile)}.`
    return { check, level: "failed", found, advice }
  }
  if (own?._tag === "Usable" && now < own.notBefore - dayMillis) {
    const found = `The clock says ${date(now)}, but our own certificate begins on ${date(own.notBefore)}.`
    return { check, level: "warning", found, advice }
  }
  return {
    check,
    level: "ok",
    found: `The clock says ${date(now)}, which goes with our files; no time server was asked.`,
    advice: nothing
  }
}

const key = (own: NodeDoctor.Key, { now }: NodeDoctor.Times): ReadonlyArray<Finding> => {
  if (own._tag === "Unusable") {
    return [
      own.isLocked
        ? {
          check: "key",
          level: "warning",
          found: "The key has a passphrase, so it was not compared with the certificate.",
          advice: "Use `identity show` on the certificate, and `listen`, which asks for the passphrase."
        }
        : {
          check: "key",
          level: "failed",
          found: `The identity cannot be used: ${own.why}.`,
          advice: "Mend that, or make another identity with `identity create`."
        }
    ]
  }
  return [mode(own.keyMode), validity(own, now)]
}

const mode = (bits: number | undefined): Finding => {
  const fits = "The key fits the certificate"
  if (bits === undefined) {
    const found = `${fits}; who else can read or replace it, this system does not tell by a mode.`
    return { check: "key", level: "ok", found, advice: nothing }
  }
  if (bits === 0o600 || bits === 0o400) {
    return { check: "key", level: "ok", found: `${fits}, and nobody else can replace it.`, advice: nothing }
  }
  const found = `${fits}, but its file has the mode ${bits.toString(8).padStart(4, "0")}.`
  return { check: "key", level: "warning", found, advice: "Run chmod 600 on key.pem." }
}

const validity = (
  { notAfter, notBefore }: { readonly notAfter: number; readonly notBefore: number },
  now: number
): Finding => {
  const check = "certificate"
  if (now < notBefore) {
    const found = `The certificate is not valid before ${date(notBefore)}.`
    return { check, level: "failed", found, advice: "See whether the clock is right, or wait until then." }
  }
  if (now > notAfter) {
    const found = `The certificate expired on ${date(notAfter)}.`
    return { check, level: "failed", found, advice: "Run `identity renew`." }
  }
  const days = Math.floor((notAfter - now) / dayMillis)
  const found = `The certificate is valid for ${days} more ${days === 1 ? "day" : "days"}.`
  return days < 30
    ? { check, level: "warning", found, advice: "Run `identity renew` before it expires." }
    : { check, level: "ok", found, advice: nothing }
}

const versions = ({ node, openssl, own, system }: Probes["versions"]): Finding => {
  const [check, found] = ["versions", `xmpp-e2e ${own}, Node ${node}, OpenSSL ${openssl}, ${system}.`] as const
  const [major = 0, minor = 0] = node.split(".").map(Number)
  return major > 22 || (major === 22 && minor >= 19)
    ? { check, level: "ok", found, advice: nothing }
    : { check, level: "failed", found, advice: "Install Node 22.19 or later." }
}

/** The certificate of somebody may say any time, one that no date can hold too. */
const date = (millis: number): string =>
  Math.abs(millis) <= 8.64e15 ? new Date(millis).toISOString().slice(0, 10) : "a day beyond all calendars"
