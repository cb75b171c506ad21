/** A host for the tests of the doctor, run in a network namespace: prints what is found, with `hold` while another has the port. */
import * as Effect from "effect/Effect"
import * as Dgram from "node:dgram"
import * as NodeDoctor from "../src/NodeDoctor.ts"

const holder = Dgram.createSocket("udp4")
if (process.argv[2] === "hold") await new Promise<void>((resolve) => holder.bind(5353, resolve))
const { multicast, port } = await Effect.runPromise(
  Effect.all({ port: NodeDoctor.port, multicast: NodeDoctor.multicast })
)
holder.close()
process.stdout.write(JSON.stringify({ multicast, port }))
