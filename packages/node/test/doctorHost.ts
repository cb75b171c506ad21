/**
 * A host for the tests of the doctor, run in a network namespace: prints what is found, with `hold` while another has the port, with `hold6`
 * while another has that of IPv6; with `avahi` it is one that goes by that name and shares it.
 */
import * as Effect from "effect/Effect"
import * as Dgram from "node:dgram"
import * as NodeDoctor from "../src/NodeDoctor.ts"

const [way] = process.argv.slice(2)
const holder = way === "hold6"
  ? Dgram.createSocket({ type: "udp6", ipv6Only: true })
  : Dgram.createSocket({ type: "udp4", reuseAddr: way === "avahi" })
if (way === "avahi") process.title = "avahi-daemon"
if (way !== undefined) await new Promise<void>((resolve) => holder.bind(5353, resolve))
const { multicast, port } = await Effect.runPromise(
  Effect.all({ port: NodeDoctor.port, multicast: NodeDoctor.multicast })
)
holder.close()
process.stdout.write(JSON.stringify({ multicast, port }))
