/**
 * The names of an announcement, and which comes next when somebody else has one (LL-11): `romeo@forza`, `romeo@forza-1`.
 *
 * @internal
 */
import * as InstanceName from "../../InstanceName.ts"
import type { Own } from "../../mdns/State.ts"
import { nameOf } from "../dns/names.ts"

type Names = Pick<Own, "wanted" | "instance" | "host" | "userSuffix" | "machineSuffix">

/** The names that follow from what was wanted and from the suffixes; nothing where there is no such name. */
export const named = (wanted: string, userSuffix: number, machineSuffix: number): Names | undefined => {
  const here = suffixed(InstanceName.parse(wanted), "machine", machineSuffix)
  const name = suffixed(here, "user", userSuffix)
  if (name === undefined) return undefined
  const host = `${nameOf([InstanceName.parts(name).machine])}local.`
  return { wanted, instance: name.label, host, userSuffix, machineSuffix }
}

const suffixed = (
  name: InstanceName.InstanceName | undefined,
  part: "machine" | "user",
  suffix: number
): InstanceName.InstanceName | undefined =>
  name === undefined || suffix === 0 ? name : InstanceName.renamed(name, part, suffix)
