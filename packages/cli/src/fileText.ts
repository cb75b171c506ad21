/** The words of files on their way: lines for people, and the lines of `--json`. */
import { Describe } from "@xmpp-e2e/protocol"
import type { FileSharing, FileSharingFailure } from "@xmpp-e2e/serverless"
import { CommandFailed, exitCodes } from "./exit.ts"

/** What is told of one file; `peer` is at the other end. */
export type Event =
  | { readonly event: "Offered" | "Receiving"; readonly peer: string; readonly name: string; readonly size: number }
  | { readonly event: "Progress"; readonly peer: string; readonly octets: number; readonly size: number }
  | { readonly event: "Delivered"; readonly peer: string; readonly name: string; readonly size: number }
  | { readonly event: "Received"; readonly peer: string; readonly path: string; readonly size: number }
  | { readonly event: "Failed"; readonly peer: string; readonly why: FileSharingFailure.Why; readonly sentence: string }

/** `how` says how to answer. */
export const wish = (peer: string, name: string, size: number, directory: string, how: string): string =>
  `${Describe.clean(peer)} offers ${named({ name, size })}; it would go into ${directory}. Take it? ${how}`

export const line = (event: Event): string => JSON.stringify({ file: event })

export const words = (event: Event): string => {
  const peer = Describe.clean(event.peer)
  switch (event.event) {
    case "Offered":
      return `offered ${named(event)} to ${peer}; waiting for the answer …`
    case "Receiving":
      return `receiving ${named(event)} from ${peer} …`
    case "Progress":
      return progress(event)
    case "Delivered":
      return `${peer} has ${named(event)}`
    case "Received":
      return `received ${Describe.clean(event.path, pathMax)} from ${peer}`
    case "Failed":
      return `no file: ${Describe.clean(event.sentence, reasonMax)}`
  }
}

/** `45 %, 4.5 MB of 10 MB` */
export const progress = ({ octets, size }: FileSharing.Progress): string =>
  `${percent({ octets, size })} %, ${amount(octets)} of ${amount(size)}`

export const percent = ({ octets, size }: FileSharing.Progress): number =>
  size === 0 ? 100 : Math.floor((octets / size) * 100)

/** In decimal units, as file managers have them. */
export const amount = (octets: number): string => {
  const at = units.findLastIndex(([, one]) => octets >= one)
  const [unit, one] = units[at] ?? ["octets", 1]
  const count = octets / one
  return `${one === 1 ? octets : count < 10 ? (Math.floor(count * 10) / 10).toFixed(1) : Math.floor(count)} ${unit}`
}

export const failed = (peer: string, { message, why }: FileSharingFailure.FileFailed): Event => ({
  event: "Failed",
  peer,
  why,
  sentence: message
})

/** Somebody said no, or our file is none: both are no failures of the stream. */
export const failure = ({ message, why }: FileSharingFailure.FileFailed): CommandFailed =>
  new CommandFailed({
    code: codes[why] ?? exitCodes.failed,
    sentence: `not sent: ${Describe.clean(message, reasonMax)}`
  })

const named = ({ name, size }: { readonly name: string; readonly size: number }): string =>
  `${Describe.clean(name)} (${amount(size)})`

const units: ReadonlyArray<readonly [unit: string, octets: number]> = [
  ["octets", 1],
  ["kB", 1000],
  ["MB", 1000 ** 2],
  ["GB", 1000 ** 3],
  ["TB", 1000 ** 4]
]
const codes: Partial<Record<FileSharingFailure.Why, CommandFailed["code"]>> = {
  declined: exitCodes.notAdmitted,
  unsupported: exitCodes.notAdmitted,
  busy: exitCodes.notAdmitted,
  unanswered: exitCodes.notAdmitted,
  stoppedByPeer: exitCodes.notAdmitted,
  unreadable: exitCodes.usage,
  changed: exitCodes.usage
}
const reasonMax = 400
const pathMax = 4096
