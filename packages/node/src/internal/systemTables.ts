/**
 * What Linux tells in its tables under `/proc/net`, as far as the doctor asks: who are our neighbours, and which users have a socket on a
 * port. What cannot be read tells nothing.
 *
 * @internal
 */

/**
 * Machines in `/proc/net/arp` that are complete, without the routers of `/proc/net/route`: a router seldom speaks multicast DNS, and
 * that it is not heard is no sign of anything.
 */
export const neighboursOf = (arp: string, routes: string): number => {
  const routers = new Set(rowsOf(routes).flatMap(([, , gateway = ""]) => dotted(gateway)))
  return rowsOf(arp).filter(([address = "", , flags]) => flags === "0x2" && !routers.has(address)).length
}

/** The numbers of the users that have a socket on a port, from `/proc/net/udp` or `/proc/net/udp6`. */
export const usersOn = (port: number, sockets: string): ReadonlyArray<number> => {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, "0")}`
  return rowsOf(sockets).flatMap(([, local = "", , , , , , user = ""]) =>
    local.endsWith(ending) && /^\d+$/.test(user) ? [Number(user)] : []
  )
}

/** Below the line of titles. */
const rowsOf = (table: string): ReadonlyArray<ReadonlyArray<string>> =>
  table.split("\n").slice(1).map((row) => row.trim().split(/\s+/))

/** In the order of a little-endian machine: `0100A8C0` is 192.168.0.1. All zeros are no router. */
const dotted = (hex: string): ReadonlyArray<string> =>
  /^[0-9A-F]{8}$/i.test(hex) && !/^0+$/.test(hex)
    ? [[6, 4, 2, 0].map((at) => parseInt(hex.slice(at, at + 2), 16)).join(".")]
    : []
