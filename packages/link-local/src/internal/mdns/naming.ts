/**
 * The names of an announcement, and which comes next when somebody else has one (LL-11): `romeo@forza`, `romeo@forza-1`.
 *
 * @internal
 */
import type { Own } from "../../mdns/State.ts"
import { nameOf } from "../dns/names.ts"

/** `romeo@forza` has the user `romeo` on the machine `forza`; without an `@` all of it is the machine. */
export const partsOf = (instance: string): readonly [user: string | undefined, machine: string] => {
  const at = instance.lastIndexOf("@")
  return at < 0 ? [undefined, instance] : [instance.slice(0, at), instance.slice(at + 1)]
}

/** The names that follow from what was wanted and from the suffixes. */
export const named = (
  wanted: string,
  userSuffix: number,
  machineSuffix: number
): Pick<Own, "wanted" | "instance" | "host" | "userSuffix" | "machineSuffix"> => {
  const [user, machine] = partsOf(wanted)
  const host = suffixed(machine, machineSuffix, 63)
  const room = 63 - bytesOf(host) - 1
  const instance = user === undefined ? host : `${suffixed(user, userSuffix, room)}@${host}`
  return { wanted, instance, host: `${nameOf([host])}local.`, userSuffix, machineSuffix }
}

/** Cut at a character, so that the suffix still fits. */
const suffixed = (text: string, suffix: number, bytesMax: number): string => {
  const end = suffix === 0 ? "" : `-${suffix}`
  const characters = Array.from(text)
  while (characters.length > 1 && bytesOf(characters.join("") + end) > bytesMax) characters.pop()
  return characters.join("") + end
}

const bytesOf = (text: string): number => utf8.encode(text).length

const utf8 = new TextEncoder()
